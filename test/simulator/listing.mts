/**
 * A list of SCIM resources that is made while it is read: an entry exists only as a number until somebody asks for it.
 * Entries can be taken out and put in, as a directory changes between two pages.
 */
export interface ListingSource<Entry> {
  readonly count: number;
  /** Makes the entry with a number; numbers from `count` on are for entries put in later. */
  make(number: number): Entry;
  /**
   * For attributes whose text leads back to the entry without a search: the number of the entry that has it, or nothing.
   * An attribute that is named here is never indexed.
   */
  readonly locate?: Readonly<Record<string, (text: string) => number | undefined>>;
  /** The texts of an entry that a filter can name. */
  readonly attributes: Readonly<Record<string, (entry: Entry) => readonly (string | null | undefined)[]>>;
}

export class Listing<Entry> {
  readonly #source: ListingSource<Entry>;
  /** Entry numbers in list order; made at the first change, until then the order is 0, 1, 2 … */
  #order: number[] | undefined;
  readonly #given = new Map<number, Entry>();
  #nextNumber: number;
  readonly #indexes = new Map<string, Map<string, number[]>>();

  constructor(source: ListingSource<Entry>) {
    this.#source = source;
    this.#nextNumber = source.count;
  }

  get count(): number {
    return this.#order?.length ?? this.#source.count;
  }

  /** The entry at a place of the list, counted from 0. */
  at(place: number): Entry | undefined {
    if (!Number.isInteger(place) || place < 0 || place >= this.count) {
      return undefined;
    }
    return this.#entry(this.#order ? (this.#order[place] ?? 0) : place);
  }

  slice(start: number, end: number): Entry[] {
    const entries: Entry[] = [];
    for (let place = start; place < Math.min(end, this.count); place += 1) {
      const entry = this.at(place);
      if (entry !== undefined) {
        entries.push(entry);
      }
    }
    return entries;
  }

  /**
   * Entries that have the text in an attribute, in list order. Looked up in an index over all entries that is made at
   * the first question about the attribute, so that 100,000 entries are gone through once only.
   */
  find(attribute: string, text: string, matchesCase: boolean): Entry[] {
    const numbers =
      this.#located(attribute, text.toLowerCase()) ?? this.#index(attribute).get(text.toLowerCase()) ?? [];
    return this.#inOrder(numbers)
      .map((number) => this.#entry(number))
      .filter((entry) => this.has(entry, attribute, text, matchesCase));
  }

  /** Whether an entry has the whole text in an attribute. */
  has(entry: Entry, attribute: string, text: string, matchesCase: boolean): boolean {
    const texts = this.#source.attributes[attribute]?.(entry) ?? [];
    return matchesCase ? texts.includes(text) : texts.some((other) => other?.toLowerCase() === text.toLowerCase());
  }

  /** Whether a test accepts a text of these attributes; it is given them in lower case. */
  hasAny(entry: Entry, attributes: readonly string[], accepts: (text: string) => boolean): boolean {
    return attributes.some((attribute) =>
      this.#source.attributes[attribute]?.(entry).some(
        (text) => typeof text === 'string' && accepts(text.toLowerCase()),
      ),
    );
  }

  /** Entries with an attribute that a test accepts (the attribute's texts come in lower case), in list order. */
  filter(attributes: readonly string[], accepts: (text: string) => boolean): Entry[] {
    const numbers = new Set<number>();
    for (const attribute of attributes) {
      for (const [text, entries] of this.#index(attribute)) {
        if (accepts(text)) {
          entries.forEach((number) => numbers.add(number));
        }
      }
    }
    return this.#inOrder([...numbers].sort((a, b) => a - b)).map((number) => this.#entry(number));
  }

  /** Takes the first entry out that the test accepts; says whether there was one. */
  remove(accepts: (entry: Entry) => boolean): boolean {
    const order = this.#changeableOrder();
    const place = order.findIndex((number) => accepts(this.#entry(number)));
    if (place >= 0) {
      order.splice(place, 1);
    }
    return place >= 0;
  }

  /** Puts an entry in at a place: the one given, or else the next the source can make. */
  insert(place: number, entry?: Entry): Entry {
    const number = this.#nextNumber;
    this.#nextNumber += 1;

    if (entry !== undefined) {
      this.#given.set(number, entry);
    }
    this.#changeableOrder().splice(place, 0, number);
    this.#indexes.clear();
    return this.#entry(number);
  }

  #entry(number: number): Entry {
    return this.#given.get(number) ?? this.#source.make(number);
  }

  #changeableOrder(): number[] {
    this.#order ??= Array.from({ length: this.#source.count }, (_, number) => number);
    return this.#order;
  }

  #inOrder(numbers: readonly number[]): number[] {
    const order = this.#order;
    if (!order) {
      return [...numbers];
    }
    return numbers
      .map((number) => ({ number, place: order.indexOf(number) }))
      .filter(({ place }) => place >= 0)
      .sort((a, b) => a.place - b.place)
      .map(({ number }) => number);
  }

  #located(attribute: string, text: string): number[] | undefined {
    const locate = this.#source.locate?.[attribute];
    const texts = this.#source.attributes[attribute];
    if (!locate || !texts) {
      return undefined;
    }

    const given = [...this.#given].filter(([, entry]) => texts(entry).some((other) => other?.toLowerCase() === text));
    const number = locate(text);
    const isMade = number !== undefined && number < this.#nextNumber && !this.#given.has(number);
    return [...(isMade ? [number] : []), ...given.map(([other]) => other)];
  }

  #index(attribute: string): Map<string, number[]> {
    const known = this.#indexes.get(attribute);
    if (known) {
      return known;
    }

    const texts = this.#source.attributes[attribute];
    const index = new Map<string, number[]>();
    for (let number = 0; texts && number < this.#nextNumber; number += 1) {
      for (const text of texts(this.#entry(number))) {
        const key = text?.toLowerCase();
        if (key !== undefined) {
          const numbers = index.get(key);
          if (!numbers) {
            index.set(key, [number]);
          } else if (numbers.at(-1) !== number) {
            numbers.push(number);
          }
        }
      }
    }
    this.#indexes.set(attribute, index);
    return index;
  }
}
