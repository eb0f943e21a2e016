import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Place, places } from './types';

/** What each fault gave at each place, in the order they were tried. */
export class FaultReport {
  private readonly rows = new Map<string, Partial<Record<Place, string>>>();

  add(fault: string, place: Place, outcome: string): void {
    this.rows.set(fault, { ...this.rows.get(fault), [place]: outcome });
  }

  /** Pairs of a fault and a place that were tried. */
  get pairs(): number {
    return [...this.rows.values()].reduce((sum, row) => sum + Object.keys(row).length, 0);
  }

  get markdown(): string {
    const lines = [
      ['Fault', ...places],
      ['---', ...places.map(() => '---')],
      ...[...this.rows].map(([fault, row]) => [fault, ...places.map((place) => row[place] ?? '–')]),
    ].map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`);
    return `# What each fault gives\n\n${this.rows.size} faults, ${this.pairs} pairs.\n\n${lines.join('\n')}\n`;
  }

  write(path: string): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, this.markdown);
  }
}
