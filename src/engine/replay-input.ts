import { formatsOf, type NativeDataset, type NativeDatasetOptions, nativeDataset } from './native-dataset.js';

/** Native formats of book changes. */
export const BOOK_FORMATS: readonly string[] = formatsOf(['book_delta']);

export type ReplayInputOptions = NativeDatasetOptions;

/** The dataset to replay, or one made of the book changes of native files; so there is one way from rows to books. */
export const replayInput = (inputs: readonly string[], options: ReplayInputOptions): Promise<NativeDataset> =>
  nativeDataset(inputs, ['book_delta'], options);
