import { deepEqual, doesNotMatch, equal, ok } from 'node:assert/strict';
import { invisibleCharacters, isolate, shorten, visible, withoutIcons, withoutLinks } from '../../src/text/visible';
import { pick, randomNumbers } from '../support/fakes';

const family = '👨\u200D👩\u200D👧\u200D👦';
const kiss = '👩🏽\u200D❤\uFE0F\u200D💋\u200D👨🏽';
const england = '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}';
const loneSurrogate = /\p{Cs}/u;

function named(codePoint: number): string {
  return `[U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}]`;
}

describe('visible', () => {
  const unchanged: Record<string, string> = {
    'printable ASCII': 'O\'Brien, "Jane" <jane@example.com> $(x) [a](b) \\ ~',
    'composed Latin': 'Zoë Müller Ñandú Łukasz',
    'decomposed Latin': 'Zoe\u0308 Mu\u0308ller',
    Vietnamese: 'Nguyễn Văn Ánh',
    Cyrillic: 'Иван Петров',
    Greek: 'Γιώργος Παπαδόπουλος',
    Armenian: 'Հայկ Սարգսյան',
    Georgian: 'ლაშა ბერიძე',
    Hebrew: 'יוסף כהן',
    Arabic: 'محمد عبد الله',
    Thai: 'สมชาย ใจดี',
    Ethiopic: 'አበበ ቢቂላ',
    Han: '山田太郎 𠮷野家',
    Hangul: '김민수',
    'Hangul of single letters': '\u1100\u1161\u11A8',
    Tamil: 'முத்து',
    Devanagari: 'प्रिया शर्मा',
    'Persian with a non-joiner': 'علی\u200Cرضا',
    'Hindi with a joiner': 'क्\u200Dष',
    'Hindi with a non-joiner': 'क्\u200Cष',
    'Sinhala with a joiner': 'ශ්\u200Dරී ලංකා',
    'Bengali with a joiner': 'র\u200D্যাব',
    'a Han variant': '葛\u{E0100}城',
    'a Mongolian variant': 'ᠠ\u180Bᠨ',
    'a plain emoji': '🎉 party',
    'a family': `The ${family}s`,
    'a couple of two skin tones': kiss,
    'a skin tone': '👍🏿',
    'a profession': '👩🏽\u200D💻',
    'a flag of two letters': '🇩🇪🇯🇵',
    'the flag of England': england,
    'a rainbow flag': '🏳\uFE0F\u200D🌈',
    'a keycap': '1\uFE0F\u20E3 #\uFE0F\u20E3',
    'an emoji by variation selector': '❤\uFE0F',
    'a text symbol by variation selector': '❤\uFE0E ☎\uFE0E',
  };
  for (const [what, text] of Object.entries(unchanged)) {
    it(`leaves ${what} as it is`, () => {
      equal(visible(text), text);
      deepEqual(invisibleCharacters(text), []);
    });
  }

  const shown: Record<string, [text: string, visible: string]> = {
    'a right-to-left override': ['Jane\u202Egpj.exe', 'Jane[U+202E]gpj.exe'],
    'an isolate and its end': ['\u2067a\u2069', '[U+2067]a[U+2069]'],
    'left-to-right, right-to-left and Arabic letter marks': ['\u200Ea\u200Fb\u061C', '[U+200E]a[U+200F]b[U+061C]'],
    'a joiner between Latin letters': ['a\u200Db', 'a[U+200D]b'],
    'a non-joiner between Latin letters': ['a\u200Cb', 'a[U+200C]b'],
    'a joiner between Cyrillic letters': ['а\u200Dб', 'а[U+200D]б'],
    'a joiner between Han characters': ['山\u200D田', '山[U+200D]田'],
    'a non-joiner at the start': ['\u200Cعلی', '[U+200C]علی'],
    'a non-joiner at the end': ['علی\u200C', 'علی[U+200C]'],
    'a non-joiner before a space': ['علی\u200C رضا', 'علی[U+200C] رضا'],
    'a joiner between a Persian and a Latin letter': ['ا\u200Db', 'ا[U+200D]b'],
    'two joiners in a row': ['ا\u200C\u200Cب', 'ا[U+200C][U+200C]ب'],
    'a joiner behind an emoji': ['👩\u200D', '👩[U+200D]'],
    'a joiner between an emoji and a letter': ['👩\u200Da', '👩[U+200D]a'],
    'a joiner at the end of a family': [`${family}\u200D`, `${family}[U+200D]`],
    'a variation selector behind a letter': ['a\uFE0Fb', 'a[U+FE0F]b'],
    'a second variation selector behind an emoji': ['❤\uFE0F\uFE0F', '❤\uFE0F[U+FE0F]'],
    'a variation selector behind a digit that is no keycap': ['jane1\uFE0F2', 'jane1[U+FE0F]2'],
    'a Mongolian variation selector behind a Han character': ['山\u180B田', '山[U+180B]田'],
    'a Mongolian vowel separator behind a Han character': ['山\u180E田', '山[U+180E]田'],
    'Mongolian variation selectors without a letter': ['a\u180B\u180Bb', 'a[U+180B][U+180B]b'],
    'a second Mongolian variation selector': ['ᠠ\u180B\u180C', 'ᠠ\u180B[U+180C]'],
    'a joiner beside an invisible character of its script': ['ا\u061C\u200Cب', 'ا[U+061C][U+200C]ب'],
    'tag characters behind a letter': ['a\u{E0067}\u{E007F}', 'a[U+E0067][U+E007F]'],
    'tag characters that spell no flag': ['🏴\u{E0061}\u{E007F}', '🏴[U+E0061][U+E007F]'],
    'a lone high surrogate': ['a\uD83Db', 'a[U+D83D]b'],
    'a lone low surrogate': ['a\uDE00b', 'a[U+DE00]b'],
    'surrogates in the wrong order': ['\uDE00\uD83D', '[U+DE00][U+D83D]'],
    'a NUL': ['a\0b', 'a[U+0000]b'],
    'line breaks and a tab': ['a\r\nb\tc\vd\fe\u0085f', 'a[U+000D][U+000A]b[U+0009]c[U+000B]d[U+000C]e[U+0085]f'],
    'an escape sequence of terminals': ['\u001B[31mred\u009B0m', '[U+001B][31mred[U+009B]0m'],
    'line and paragraph separators': ['a\u2028b\u2029c', 'a[U+2028]b[U+2029]c'],
    'a byte order mark': ['\uFEFFa', '[U+FEFF]a'],
    'a soft hyphen': ['a\u00ADb', 'a[U+00AD]b'],
    'zero-width space and word joiner': ['a\u200Bb\u2060c', 'a[U+200B]b[U+2060]c'],
    'a combining grapheme joiner': ['a\u034Fb', 'a[U+034F]b'],
    'Hangul fillers': ['\u3164\uFFA0\u115F\u1160', '[U+3164][U+FFA0][U+115F][U+1160]'],
    'a blank Braille pattern': ['\u2800', '[U+2800]'],
    'Khmer inherent vowels, which draw nothing': ['\u17B4\u17B5', '[U+17B4][U+17B5]'],
    'an interlinear annotation': ['\uFFF9a\uFFFB', '[U+FFF9]a[U+FFFB]'],
  };
  for (const [what, [text, expected]] of Object.entries(shown)) {
    it(`shows ${what}`, () => equal(visible(text), expected));
  }

  it('shows every control, format, ignorable character and lone surrogate between Latin letters', () => {
    const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
    let met = 0;
    for (let codePoint = 0; codePoint <= 0x10ffff; codePoint++) {
      const character = String.fromCodePoint(codePoint);
      if (hidden.test(character)) {
        met++;
        equal(visible(`a${character}b`), `a${named(codePoint)}b`);
      }
    }
    ok(met > 6000, `only ${met} characters met`);
  });

  it('has nothing left to show in its own output, for any mixture', () => {
    const random = randomNumbers(1);
    const parts = [
      'a',
      '1',
      ' ',
      '\u200C',
      '\u200D',
      '\u202E',
      '\uFE0F',
      '\uFE0E',
      '\u{E0100}',
      '\u{E0067}',
      '\u{E007F}',
    ];
    parts.push(
      'ا',
      'ب',
      'क',
      '्',
      'ශ',
      '山',
      'ᠠ',
      '\u180B',
      '👩',
      '❤',
      '🏴',
      '🇩',
      '🏽',
      '\uD83D',
      '\uDE00',
      '\u20E3',
      '\u2800',
    );
    for (let i = 0; i < 5000; i++) {
      const text = Array.from({ length: 1 + Math.floor(random() * 8) }, () => pick(random, parts)).join('');
      const once = visible(text);
      equal(visible(once), once, JSON.stringify(text));
      deepEqual(invisibleCharacters(once), [], JSON.stringify(text));
      // Whatever invisible is left belongs to an emoji, or to one visible character before it.
      doesNotMatch(
        once.replace(/\p{RGI_Emoji}/gv, '.'),
        /(?:^|[\p{Cf}\p{Default_Ignorable_Code_Point}])[\p{Cf}\p{Default_Ignorable_Code_Point}]/u,
        JSON.stringify(text),
      );
      doesNotMatch(once, loneSurrogate);
      doesNotMatch(once, /\u202E|\u2800/);
    }
  });

  it('comes to an end for names of a million characters', () => {
    const length = 1_000_000;
    const odd = [
      'é',
      'ا\u200C',
      family,
      '\u200D',
      `a${'\u0301'.repeat(1000)}`,
      '🏴\u{E0067}',
      '🇩',
      'क्\u200D',
      '1\uFE0F',
    ];
    for (const part of odd) {
      const text = part.repeat(length / odd.length / part.length);
      ok(visible(text).length >= text.length);
    }
    equal(visible('é'.repeat(length)).length, length);
  });
});

describe('invisibleCharacters', () => {
  it('names each once, in the order met', () => {
    deepEqual(invisibleCharacters('a\u202Eb\nc\u202Ed\u{E0001}'), ['U+202E', 'U+000A', 'U+E0001']);
  });

  it('is empty for an empty text', () => deepEqual(invisibleCharacters(''), []));
});

describe('isolate', () => {
  it('puts a visible name between isolates that the name cannot close', () => {
    equal(isolate('דוד\u2069\u202E'), '\u2068דוד[U+2069][U+202E]\u2069');
  });
});

describe('withoutIcons', () => {
  it('escapes every icon and nothing else', () => {
    equal(withoutIcons('$(trash) costs $5 ($) \\$(x) $$(y)'), '\\$(trash) costs $5 ($) \\\\$(x) $\\$(y)');
  });
});

describe('withoutLinks', () => {
  it('breaks every link and keeps its text', () => {
    doesNotMatch(withoutLinks('[a](command:x)[b](https://example.com)](]('), /\]\(/);
    equal(withoutLinks('[a](command:x) (b) [c] d'), '[a] (command:x) (b) [c] d');
  });
});

describe('shorten', () => {
  it('leaves a text that is short enough', () => {
    equal(shorten('', 5), '');
    equal(shorten('abcde', 5), 'abcde');
  });

  it('cuts a longer one, with the ellipsis counted', () => equal(shorten('abcdef', 5), 'abcd…'));

  it('counts what a reader takes for one character once', () => {
    for (const one of ['é', 'e\u0308', '𠮷', '👍🏿', '🇩🇪', family, england, kiss, 'நி']) {
      equal(shorten(one.repeat(5), 5), one.repeat(5));
      equal(shorten(one.repeat(6), 5), `${one.repeat(4)}…`);
    }
  });

  it('cuts no emoji in two, however long each is', () => {
    for (const emoji of ['😀', family, england, kiss]) {
      for (const length of [1, 2, 3, 10, 77]) {
        const kept = shorten(emoji.repeat(1000), length);
        equal(kept, `${emoji.repeat(length - 1)}…`);
      }
    }
  });

  it('cuts a text of 100,000 characters', () => {
    equal(shorten('a'.repeat(100_000), 80), `${'a'.repeat(79)}…`);
    equal(shorten('𠮷'.repeat(100_000), 80), `${'𠮷'.repeat(79)}…`);
  });

  it('cuts a pile of combining marks, and never inside a surrogate pair', () => {
    for (const mark of ['\u0301', '\u{1D165}', '\u{E0100}', '\u{E0067}']) {
      for (const before of ['', 'a', 'ab', '👩']) {
        for (const length of [1, 2, 3, 80]) {
          const kept = shorten(before + mark.repeat(100_000), length);
          ok(kept.length <= length * 100, `${kept.length} code units for ${length} characters`);
          ok(kept.endsWith('…'));
          doesNotMatch(kept, loneSurrogate);
        }
      }
    }
  });

  it('is never longer than asked, and a beginning of the text, for any mixture', () => {
    const random = randomNumbers(2);
    const parts = ['a', ' ', 'e\u0308', '𠮷', '👍🏿', '🇩🇪', family, kiss, '\u0301', '\u{1D165}', '\u200D', '\r\n'];
    const segmenter = new Intl.Segmenter();
    for (let i = 0; i < 3000; i++) {
      const text = Array.from({ length: Math.floor(random() * 30) }, () => pick(random, parts)).join('');
      const length = 1 + Math.floor(random() * 12);
      const kept = shorten(text, length);
      const graphemes = [...segmenter.segment(text)].map(({ segment }) => segment);
      equal(kept, graphemes.length <= length ? text : `${graphemes.slice(0, length - 1).join('')}…`);
    }
  });
});
