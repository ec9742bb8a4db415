export { loadPolars, type Polars, type PolarsFrame } from './polars.mjs';
