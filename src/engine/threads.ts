/** Most threads that may be asked for. */
export const MOST_THREADS = 1024;
