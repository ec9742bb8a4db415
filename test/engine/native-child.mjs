// Makes a dataset of the native files named with the built package, says so, and waits to be killed.
import { nativeDataset } from '../../dist/engine/native-dataset.js';

const { folder } = await nativeDataset(process.argv.slice(2), ['bars'], {});
process.send({ folder });
setInterval(() => {}, 1000);
