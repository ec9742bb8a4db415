/** Good quotes of one instrument in input order, in arrays that grow. */
export class QuoteStage {
  rows = 0;
  /** Quotes without a mid: a side is missing; bid above ask. */
  oneSided = 0;
  crossed = 0;
  /** Local stamps before the exchange's, and whether any lies after. */
  clockSkew = 0;
  received = false;
  time = new Float64Array(1024);
  available = new Float64Array(1024);
  seq = new Float64Array(1024);
  sum = new Float64Array(1024);
  scale = new Uint8Array(1024);

  add(time: number, available: number, seq: number, sum: number, scale: number): void {
    if (this.rows === this.time.length) this.#grow();
    const i = this.rows++;
    this.time[i] = time;
    this.available[i] = available;
    this.seq[i] = seq;
    this.sum[i] = sum;
    this.scale[i] = scale;
  }

  #grow(): void {
    const grown = <T extends Float64Array | Uint8Array>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    const capacity = this.time.length * 2;
    this.time = grown(new Float64Array(capacity), this.time);
    this.available = grown(new Float64Array(capacity), this.available);
    this.seq = grown(new Float64Array(capacity), this.seq);
    this.sum = grown(new Float64Array(capacity), this.sum);
    this.scale = grown(new Uint8Array(capacity), this.scale);
  }
}
