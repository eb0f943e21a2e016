// The main job, done from the welcome to the refresh in three windows, with a picture of every step. Run it with `npm start -- --tour`.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { stateFolder } from '../project.mts';
import { type Circumstances, Person } from '../../test/support/browser/person.mts';
import { until } from '../../test/support/until.mts';
import { type Step, steps } from './tour-steps.mts';
import { writtenLogs } from '../../test/support/browser/written-logs.mts';

const folder = join(stateFolder, 'tour');

interface Round {
  /** Part of the pictures' names. */
  readonly name: string;
  readonly circumstances: Circumstances & { readonly size: { readonly width: number; readonly height: number } };
  /** Pixels. Default: VS Code's own. */
  readonly sideBarWidth?: number;
  /** Label of a theme that is chosen in the window, and the class of a window with it. */
  readonly contrastTheme?: readonly [label: string, kind: string];
  readonly pictures: (step: Step) => boolean;
}

const rounds: readonly Round[] = [
  {
    name: 'dark',
    circumstances: { theme: 'Default Dark Modern', size: { width: 1440, height: 900 } },
    pictures: () => true,
  },
  {
    name: 'light',
    circumstances: { theme: 'Default Light Modern', size: { width: 900, height: 700 } },
    pictures: ({ isMain }) => isMain,
  },
  {
    name: 'narrow',
    circumstances: { theme: 'Default Dark Modern', size: { width: 900, height: 700 } },
    sideBarWidth: 200,
    pictures: ({ isMain }) => isMain,
  },
  {
    name: 'contrast-dark',
    circumstances: { theme: 'Default Dark Modern', size: { width: 900, height: 700 } },
    contrastTheme: ['Dark High Contrast', 'hc-black'],
    sideBarWidth: 200,
    pictures: ({ isMain }) => isMain,
  },
  {
    name: 'contrast-light',
    circumstances: { theme: 'Default Light Modern', size: { width: 900, height: 700 } },
    contrastTheme: ['Light High Contrast', 'hc-light'],
    pictures: ({ isMain }) => isMain,
  },
];

/** Goes through every step once for each round; throws where a step shows something else. */
export async function tour(only: string): Promise<void> {
  const wanted = rounds.filter(({ name }) => name.includes(only));
  if (wanted.length === rounds.length) {
    await rm(folder, { recursive: true, force: true });
  }
  await mkdir(folder, { recursive: true });
  for (const round of wanted) await take(round);
  process.stdout.write(`The pictures are in ${folder}\n`);
}

async function take({ name, circumstances, sideBarWidth, contrastTheme, pictures }: Round): Promise<void> {
  const settings = { 'editor.minimap.enabled': false };
  const person = await Person.start({ ...circumstances, env: writtenLogs, settings });
  try {
    if (contrastTheme !== undefined) {
      await chooseTheme(person, ...contrastTheme);
    }
    if (sideBarWidth !== undefined) {
      await narrow(person, sideBarWidth);
    }
    for (const [i, step] of steps.entries()) {
      const file = `${String(i + 1).padStart(2, '0')}-${step.name}-${name}.png`;
      try {
        await step.act(person);
        if (pictures(step)) {
          await rest(person, step, circumstances.size);
          await person.window.screenshot(join(folder, file));
          process.stdout.write(`${file.padEnd(32)} ${step.shows}\n`);
        }
      } catch (error) {
        await person.window.screenshot(join(folder, `failed-${file}`)).catch(() => undefined);
        const why = error instanceof Error ? error.message : String(error);
        throw new Error(`The tour stopped at ${file}, which was to show: ${step.shows}.\n${why}`, { cause: error });
      }
    }
    await person.seesNothingElse();
  } finally {
    await person.end();
  }
}

/** Chooses a theme in the window: VS Code 1.139 starts with a light theme where its settings name a high-contrast one. */
async function chooseTheme({ window, page }: Person, label: string, kind: string): Promise<void> {
  await window.command('Preferences: Color Theme');
  await window.quickInput.input.fill(label);
  await window.quickInput.row(label).click();
  await page.locator(`.monaco-workbench.${kind}`).waitFor();
}

/** Drags the edge of the side bar. */
async function narrow({ page, sideBar }: Person, width: number): Promise<void> {
  const { x, y, width: before } = (await sideBar.boundingBox()) ?? { x: 0, y: 0, width: 0 };
  await page.mouse.move(x + before, y + 300);
  await page.mouse.down();
  await page.mouse.move(x + width, y + 300, { steps: 5 });
  await page.mouse.up();
  await until('the narrow side bar', async () => Math.abs(((await sideBar.boundingBox())?.width ?? 0) - width) < 5);
}

/** Takes the mouse out of the picture, to a place where it lights nothing up. */
async function rest(
  { page, hover, sideBar }: Person,
  { needsMouse }: Step,
  size: Round['circumstances']['size'],
): Promise<void> {
  await sideBar.locator('.monaco-progress-container.active').waitFor({ state: 'hidden' });
  if (needsMouse) return;
  // A tooltip that was on its way still comes, and goes when the mouse moves again.
  let calmLooks = 0;
  await until('no tooltip', async () => {
    if (calmLooks === 0) {
      await page.mouse.move(size.width - 220, size.height - 80);
      await page.mouse.move(size.width - 200, size.height - 60);
    }
    calmLooks = (await hover.count()) === 0 ? calmLooks + 1 : 0;
    return calmLooks >= 15;
  });
}
