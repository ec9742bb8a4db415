export { integerIn, random } from './random.mjs';
