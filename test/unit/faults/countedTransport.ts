import { Transport } from '../../../src/cloudflare/transport';

/** Knows how many requests are under way, from the wait for an agent to the last byte. */
export class CountedTransport extends Transport {
  underWay = 0;

  override async get(...asked: Parameters<Transport['get']>): ReturnType<Transport['get']> {
    this.underWay++;
    try {
      return await super.get(...asked);
    } finally {
      this.underWay--;
    }
  }
}
