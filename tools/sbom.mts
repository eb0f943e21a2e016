// The list of what is inside the extension (an SBOM in CycloneDX), made from what esbuild says that it bundled.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Enums, Models, Serialize, Spec, SPDX } from '@cyclonedx/cyclonedx-library';
import { projectRoot } from './project.mts';

/** esbuild leaves it at each build. */
export const metafile = 'dist/meta.json';
/** Packed into the VSIX, so that whoever holds that one file can tell what it is made of. */
export const sbomFile = 'dist/sbom.cdx.json';

interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly description?: string;
}

interface ExtensionManifest extends PackageManifest {
  readonly publisher: string;
}

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly integrity?: string }>>;
}

/** Writes the SBOM of the last build. */
export async function writeSbom(): Promise<void> {
  const { inputs } = await readJson<{ inputs: Record<string, unknown> }>(metafile);
  await writeFile(join(projectRoot, sbomFile), await sbomOf(Object.keys(inputs)));
}

/**
 * The same build gives the same text. The time in it is that of SOURCE_DATE_EPOCH; without one there is none.
 * @param inputs Paths of all files that went into the bundles.
 */
export async function sbomOf(inputs: readonly string[]): Promise<string> {
  const extension = await readJson<ExtensionManifest>('package.json');
  const words = await readJson<Record<string, string>>('package.nls.json');
  const lock = await readJson<LockFile>('package-lock.json');

  const whole = componentOf(Enums.ComponentType.Application, extension, (name, version) =>
    ['pkg:vscode-extension', extension.publisher, `${name}@${version}`].join('/'),
  );
  whole.publisher = extension.publisher;
  whole.description = words[(extension.description ?? '').replaceAll('%', '')];

  const bom = new Models.Bom({ metadata: new Models.Metadata({ component: whole }) });
  const epoch = process.env.SOURCE_DATE_EPOCH;
  if (epoch) bom.metadata.timestamp = new Date(Number(epoch) * 1_000);

  for (const folder of packageFolders(inputs)) {
    const part = await readJson<PackageManifest>(join(folder, 'package.json'));
    const component = componentOf(Enums.ComponentType.Library, part, (name, version) =>
      // A scope is a part of its own, and its @ is encoded.
      ['pkg:npm', ...name.replace('@', '%40').split('/')].join('/').concat(`@${version}`),
    );
    component.scope = Enums.ComponentScope.Required;
    component.hashes.set(Enums.HashAlgorithm['SHA-512'], registryHash(lock, folder, part));
    bom.components.add(component);
    whole.dependencies.add(component.bomRef);
  }

  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

/** The folders of the packages that files of were bundled. */
export function packageFolders(inputs: readonly string[]): string[] {
  const folders = inputs.flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  return [...new Set(folders)].sort();
}

function componentOf(
  type: Enums.ComponentType,
  { name, version, license, description }: PackageManifest,
  address: (name: string, version: string) => string,
): Models.Component {
  if (!SPDX.isSupportedSpdxId(license)) throw new Error(`${name} has no licence that SPDX has a name for.`);
  const purl = address(name, version);
  return new Models.Component(type, name, {
    bomRef: purl,
    version,
    purl,
    licenses: new Models.LicenseRepository([
      new Models.SpdxLicense(license, { acknowledgement: Enums.LicenseAcknowledgement.Declared }),
    ]),
    ...(description === undefined ? {} : { description }),
  });
}

/** @returns The hash, in hex, of the package as the registry has it, which npm has compared when it installed it. */
function registryHash({ packages }: LockFile, folder: string, { name, version }: PackageManifest): string {
  const locked = packages[folder.slice(folder.indexOf('node_modules/'))];
  const [, hash] = /^sha512-(\S+)$/.exec(locked?.integrity ?? '') ?? [];
  if (hash === undefined || locked?.version !== version) {
    throw new Error(`${name} ${version} is not what package-lock.json names.`);
  }
  return Buffer.from(hash, 'base64').toString('hex');
}

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(join(projectRoot, file), 'utf8')) as T;
}
