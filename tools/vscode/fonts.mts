// Fonts for the browser, so that pictures show every script whatever the system has installed, and look the same
// everywhere. Names of people come in all scripts; without fonts they are empty boxes.
import { globSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { fetchPackages } from '../fetch-package.mjs';
import { say, stateFolder } from '../project.mts';

const fontPackages = [
  {
    name: '@fontsource-variable/noto-sans',
    version: '5.3.0',
    integrity: 'sha512-e3ZuxzY9AL2psXPZlhwhnYrHUHv6PMoyK9MQ7croF0CUgURLqu9EMjW7q2FgVLwij1tjLsIHQrnwQ8aUcg4BiA==',
  },
  {
    name: '@fontsource-variable/noto-sans-mono',
    version: '5.3.0',
    integrity: 'sha512-EgozyWG4nG2U1OT+zfdyHP1L8O0fUFMUBOilVF9urTshqIdfeGV9/FUQxaNHdPvHtV1cQCs1Ql0W1q93SiPK2w==',
  },
  {
    // Chinese and Japanese.
    name: '@fontsource-variable/noto-sans-sc',
    version: '5.3.1',
    integrity: 'sha512-UB96JJ17HyD5ehEU7Em0hDdh7fvTMB4B4Hzmq5c4QaNwwSLqTrdM2S+coySeBqCkXwh0DxqXT0b0wMrmzorFpQ==',
  },
  {
    name: '@fontsource-variable/noto-sans-kr',
    version: '5.3.1',
    integrity: 'sha512-f5aty6Qgk2LVU5TjCtXHxiYHqUWYW8f75ll0Chn8ucCqoOlIomcACUwf1V47yUt6wTdWZiGr3dcbQk+zlOspMA==',
  },
  {
    name: '@fontsource-variable/noto-sans-arabic',
    version: '5.3.0',
    integrity: 'sha512-Rz8+DBzza3//cmN+DBQajJhx3x+Dx12eUgnQsTOgPWbOT0+In6APmE8z4I/QQnUWfAx+s8l93+60qDT5vJH1sA==',
  },
  {
    name: '@fontsource-variable/noto-sans-hebrew',
    version: '5.3.0',
    integrity: 'sha512-jGIZ2EOCTtT1ZhLthz6nEpPXGMniSPI/0tv5CDFDZ7MPYyoj6FskW7WJ0YTyesFADdzjx7F2Pg5W1PWD6y9UFw==',
  },
  {
    name: '@fontsource-variable/noto-sans-devanagari',
    version: '5.3.0',
    integrity: 'sha512-52XBcJS3jRvZ5ugFXJvdKgffXPYnN08LeodXkgCbepOdMKVRVTQu1yj071cq8S3zmUwT6w6XKKXRSQlQkwwNNg==',
  },
  {
    name: '@fontsource-variable/noto-sans-thai',
    version: '5.3.0',
    integrity: 'sha512-jHEC1vo8gD09GKf8jtH1IMoPqWmQQSKH3gkyD3ibCIMEkVpEqJ9NJ2c181VHKbTHXc7Wu9CbuBU3yjQNvpbEbw==',
  },
  {
    name: '@infolektuell/noto-color-emoji',
    version: '0.2.0',
    integrity: 'sha512-B6kpvqeD0ukTR7sydGKpktvO3VhZkOwQxAdLLGPdSHxQxREa2+sH6B9ODop6quPGjhmsZkJ/hL01rQ8At5xDew==',
  },
];

/** Chromium takes no WOFF2 from the system's fonts, and the packages hold nothing else: this one unpacks it. */
const woff2Reader = {
  name: 'wawoff2',
  version: '2.0.1',
  integrity: 'sha512-r0CEmvpH63r4T15ebFqeOjGqU4+EgTx4I510NtK35EMciSdcTxCw3Byy3JnBonz7iyIFZ0AbVo0bbFpEVuhCYA==',
};

/**
 * Installs the fonts on the first call.
 * @returns What the browser's environment needs to find them; nothing where fontconfig is not in use.
 */
export async function fontEnvironment(): Promise<Record<string, string>> {
  if (process.platform !== 'linux') return {};

  const folder = join(stateFolder, 'fonts-1');
  try {
    const told = { what: 'fonts for pictures', megabytes: 25, say };
    await fetchPackages([...fontPackages, woff2Reader], folder, told, unpackFonts);
  } catch (error) {
    say(`Some scripts will be empty boxes in pictures: ${error instanceof Error ? error.message : String(error)}`);
    return {};
  }

  const file = join(folder, 'fonts.conf');
  await writeFile(file, fontConfiguration(folder));
  return { FONTCONFIG_FILE: file };
}

async function unpackFonts(staged: string): Promise<void> {
  const modules = join(staged, 'node_modules');
  const decompress = createRequire(join(modules, 'index.js'))('wawoff2/decompress.js') as Woff2Decompress;
  const fonts = join(staged, 'ttf');
  await mkdir(fonts);

  const files = [...globSync(`${modules}/**/*-wght-normal.woff2`), ...globSync(`${modules}/@infolektuell/**/*.woff2`)];
  for (const file of files) {
    const truetype = await decompress(await readFile(file));
    await writeFile(join(fonts, basename(file).replace('.woff2', '.ttf')), truetype);
  }
}

type Woff2Decompress = (woff2: Buffer) => Promise<Uint8Array>;

/** Our fonts alone: the system's would make pictures differ from one machine to the next. */
function fontConfiguration(folder: string): string {
  const prefer = (generic: string, family: string): string =>
    `<alias binding="same"><family>${generic}</family><prefer><family>${family}</family></prefer></alias>`;
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'ttf')}</dir>
  <cachedir>${join(folder, 'cache')}</cachedir>
  ${prefer('sans-serif', 'Noto Sans')}
  ${prefer('system-ui', 'Noto Sans')}
  ${prefer('monospace', 'Noto Sans Mono')}
  ${prefer('emoji', 'Noto Color Emoji')}
</fontconfig>
`;
}
