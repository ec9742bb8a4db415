export function treeOf(folder: string, skip?: string): Record<string, string>;
export function differences(a: Record<string, string>, b: Record<string, string>): string[];
export function datasetFaults(folder: string, report: unknown, replaced: boolean): string[];
export function errorFaults(error: unknown): string[];
