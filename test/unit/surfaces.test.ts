import assert from 'node:assert/strict';
import * as surfaces from '../../src/text/surfaces';
import { invisibleCharacters, visible } from '../../src/text/visible';

const { shownName } = surfaces;

/** Every function that shows words, by name; the number is how many characters of them it shows at most. */
const kinds: Readonly<Record<string, readonly [show: (words: string) => string, most: number]>> = {
  treeLabel: [surfaces.treeLabel, 200],
  treeDescription: [surfaces.treeDescription, 300],
  tooltip: [(words) => surfaces.tooltip([words]), 400],
  accessibilityLabel: [(words) => surfaces.accessibilityLabel([words]), 400],
  hoverLine: [(words) => surfaces.hoverLine(words).replaceAll('&colon;', ':'), 400],
  tabTitle: [surfaces.tabTitle, 200],
  quickInputTitle: [surfaces.quickInputTitle, 200],
  quickPickLabel: [surfaces.quickPickLabel, 200],
  quickPickDetail: [surfaces.quickPickDetail, 1000],
  quickInputPrompt: [surfaces.quickInputPrompt, 600],
  notification: [surfaces.notification, 1000],
  modal: [surfaces.modal, 1000],
  statusBarText: [surfaces.statusBarText, 300],
  logLine: [surfaces.logLine, 1000],
  symbolText: [surfaces.symbolText, 120],
  documentText: [(words) => surfaces.documentText([words]).slice(0, -1), 1000],
};
const drawsIcons = ['quickPickLabel', 'quickPickDetail', 'quickInputPrompt', 'statusBarText'];
const takesIconsApart = ['symbolText'];
const runsLinks = ['quickInputPrompt', 'notification'];
const drawsIsolates = ['logLine', 'symbolText', 'documentText'];

const family = '👨\u200D👩\u200D👧\u200D👦';
const parts: Readonly<Record<string, string>> = {
  'plain letters': 'x',
  accents: 'é',
  joiners: '\u200D',
  'overrides of the direction': '\u202E',
  'isolates that open': '\u2068',
  'isolates that close': '\u2069',
  'isolates that open and close': '\u2068x\u2069\u2069',
  marks: '\u0301',
  'line breaks': 'a\r\n',
  'lone surrogates': '\uD83D',
  families: family,
  'tag characters': '🏴\u{E0067}',
  'joiners between letters that join': 'क्\u200D',
  icons: '$(zap)',
  links: '[x](command:y)',
  'Arabic ligatures': '\uFDFA',
  spaces: ' ',
};

/** Leaves out isolates that are closed again; those that are not stay. */
function withoutClosedIsolates(text: string): string {
  let inner = text;
  for (let before = ''; before !== inner;) {
    before = inner;
    inner = inner.replace(/\u2068([^\u2068\u2069]*)\u2069/g, '$1');
  }
  return inner;
}

describe('What a surface shows', () => {
  it('has a function for every kind that is tested here', () => {
    const others = ['shownName', 'inputValue'];
    assert.deepEqual(Object.keys(surfaces).sort(), [...Object.keys(kinds), ...others].sort());
  });

  for (const [name, [show, most]] of Object.entries(kinds)) {
    describe(name, () => {
      for (const [what, part] of Object.entries(parts)) {
        it(`is short and harmless for 5 MB of ${what}, alone and as a name`, () => {
          const long = part.repeat((5 << 20) / part.length);
          for (const words of [long, `Words about ${shownName(long)} here`, shownName(long, 500)]) {
            const text = show(words);
            // Escaping adds one to what has four at least.
            assert.ok(text.length <= most * 16 * 1.25, `${text.length} units`);
            const inner = withoutClosedIsolates(text);
            assert.deepEqual(invisibleCharacters(inner), []);
            assert.doesNotMatch(inner, /[\u2066-\u2069\u202A-\u202E]/);
            assert.ok(text.isWellFormed());
          }
        });
      }

      it('shows short words as they are, with the names in them isolated', () => {
        const words = `Copied ID of ${shownName('Zoë דוד')} (“x”)`;
        const isolated = drawsIsolates.includes(name) ? words.replaceAll(/[\u2068\u2069]/g, '') : words;
        assert.equal(show(words), isolated);
        assert.equal(show(''), '');
      });

      it('cuts at a number of characters, and closes what it cut open', () => {
        assert.equal(show('x'.repeat(most)), 'x'.repeat(most));
        assert.equal(show('x'.repeat(most + 1)), `${'x'.repeat(most - 1)}…`);
        const closing = drawsIsolates.includes(name) ? '' : '\u2069';
        assert.ok(show(`\u2068${'x'.repeat(5000)}\u2069`).endsWith(`x…${closing}`));
      });

      const icon = drawsIcons.includes(name) ? '\\$(zap)' : takesIconsApart.includes(name) ? '$ (zap)' : '$(zap)';
      it(`shows the text of an icon as ${icon}`, () => {
        assert.equal(show('$(zap) $5'), `${icon} $5`);
      });

      it(`${runsLinks.includes(name) ? 'breaks' : 'leaves'} links`, () => {
        assert.equal(show('[x](command:y)'), runsLinks.includes(name) ? '[x] (command:y)' : '[x](command:y)');
      });
    });
  }

  it('keeps lines and paragraphs apart that are ours, and shows the line breaks of a name', () => {
    assert.equal(surfaces.tooltip(['a', 'b\nc']), 'a\nb[U+000A]c');
    assert.equal(surfaces.documentText(['a', 'b\nc']), 'a\n\nb[U+000A]c\n');
    assert.equal(surfaces.accessibilityLabel(['a', '', 'b']), 'a, b');
  });
});

describe('A name in the words of a surface', () => {
  it('is cut after it was made visible as well', () => {
    const name = shownName('\u200D'.repeat(5 << 20));
    assert.equal(Array.from(name).length, 120);
    assert.match(name, /^(?:\[U\+200D\]){14}\[U\+200D…$/);
  });

  it('has 16 code units a character at most, however many marks are piled up', () => {
    for (const pile of ['\u0301', 'e\u0301\u0302\u0303', '\u{1D165}', family]) {
      assert.ok(shownName(pile.repeat(1_000_000)).length <= 120 * 16 + 3);
    }
  });

  it('shows its isolates, and is itself between two', () => {
    assert.equal(shownName('a\u2068b\u2069c'), 'a[U+2068]b[U+2069]c');
    assert.equal(shownName('\u05d0\u2068b'), '\u2068\u05d0[U+2068]b\u2069');
    assert.equal(surfaces.treeLabel(shownName('a\u2069b')), 'a[U+2069]b');
  });

  it('is unchanged if nothing is wrong with it, and isolated only if it has right-to-left characters', () => {
    for (const name of ['Jürgen Müller', 'علی\u200Cرضا', family, '山田太郎']) {
      assert.equal(shownName(name), /\p{Script=Arabic}/u.test(name) ? `\u2068${name}\u2069` : name);
      assert.equal(visible(name), name);
    }
  });
});

describe('A text to be edited', () => {
  it('is there as it came, where it is no longer than may be typed', () => {
    assert.equal(surfaces.inputValue('a\u202Eb', 60), 'a\u202Eb');
    assert.equal(surfaces.inputValue('x'.repeat(60), 60), 'x'.repeat(60));
    assert.equal(surfaces.inputValue('x'.repeat(61), 60), '');
    assert.equal(surfaces.inputValue('x'.repeat(5 << 20), 60), '');
  });
});

describe('a line of a hover', () => {
  it('shows tags and entities as they are written', () => {
    assert.equal(surfaces.hoverLine('<b>&lt;&#64;'), '&lt;b>&amp;lt;&amp;#64;');
  });

  it('has no addresses of which Markdown makes links', () => {
    const line = surfaces.hoverLine('ada@x.example http://x.example WWW.x.example mailto:ada');
    assert.doesNotMatch(line, /@|:|www\./i);
    const decoded = line.replaceAll('&commat;', '@').replaceAll('&colon;', ':').replaceAll('&period;', '.');
    assert.equal(decoded, 'ada@x.example http://x.example WWW.x.example mailto:ada');
  });
});
