import type { Analytic, OutputSpec } from '../core/analytic.js';
import { durationText } from '../core/duration.js';
import type { ParamSpec, ParamsOf } from '../core/schema.js';

/** Name of an output's table at a width, which it tells where there are several. */
export const tableName = (output: string, levels: readonly number[], every: number): string =>
  levels.length > 1 ? `${output}-${durationText(every)}` : output;

/** Whether parameters ask for an output. */
export const isAsked = <P>({ asked }: OutputSpec<P>, params: P): boolean => asked?.(params) ?? true;

/** Names of the tables that a run shows. */
export const shownTables = <S extends ParamSpec>({ outputs }: Analytic<S>, params: ParamsOf<S>): string[] =>
  Object.entries(outputs).flatMap(([output, spec]) => {
    if (!isAsked(spec, params)) return [];
    const levels: readonly number[] = spec.levels?.(params) ?? [0];
    return levels.map((every) => tableName(output, levels, every));
  });
