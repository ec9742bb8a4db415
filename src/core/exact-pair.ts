import { SAFE } from './exact.js';
import { productError } from './product-error.js';

/**
 * An integer of up to 102 bits as the sum of two f64: the nearest one and the rest. Additions and products of integers
 * are exact while all values, also those on the way, stay below 2^102: parts of their rest then never need more than 53
 * bits. No BigInt, nothing allocated.
 */
export class ExactPair {
  high = 0;
  low = 0;

  clear(): void {
    this.high = 0;
    this.low = 0;
  }

  copy({ high, low }: ExactPair): void {
    this.high = high;
    this.low = low;
  }

  /** Adds high + low (Knuth's two-sum, renormalised). */
  add(high: number, low: number): void {
    const sum = this.high + high;
    const part = sum - this.high;
    const rest = this.high - (sum - part) + (high - part) + (this.low + low);
    this.high = sum + rest;
    this.low = rest - (this.high - sum);
  }

  addProduct(a: number, b: number): void {
    const product = a * b;
    this.add(product, product < SAFE && product > -SAFE ? 0 : productError(a, b, product));
  }
}
