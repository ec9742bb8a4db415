export { type ZipEntry, zipOf } from './zip.mjs';
