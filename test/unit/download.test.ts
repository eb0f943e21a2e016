import assert from 'node:assert/strict';
import { download, isBroken } from '../../tools/fetch-package.mjs';

describe('a download of a tool', () => {
  /** Runs a download whose attempts come to these errors, and to nothing once there are none left. */
  async function attempts(...errors: Error[]) {
    const said: string[] = [];
    const pauses: number[] = [];
    let runs = 0;
    const run = () => {
      runs++;
      const error = errors.shift();
      return error ? Promise.reject(error) : Promise.resolve();
    };
    const pause = (milliseconds: number) => Promise.resolve(void pauses.push(milliseconds));
    const told = { what: 'the tool', megabytes: 12, say: (line: string) => said.push(line) };
    const failure = await download(['ci'], 'nowhere', told, { run, pause }).catch((error: unknown) => error);
    return { said, pauses, runs, failure };
  }

  const broken = new Error('npm ci failed:\nnpm error code ECONNRESET');

  it('says what is fetched and how big it is', async () => {
    const { said, runs, failure } = await attempts();
    assert.deepEqual(said, ['Fetching the tool (12 MB on the disk, once)…']);
    assert.deepEqual([runs, failure], [1, undefined]);
  });

  it('is tried again where it broke off, and says so', async () => {
    const { said, pauses, runs, failure } = await attempts(broken, broken);
    assert.equal(failure, undefined);
    assert.deepEqual([runs, pauses], [3, [2_000, 8_000]]);
    assert.match(said.at(-1) ?? '', /The download of the tool broke off\. It is tried again in 8 seconds\./);
  });

  it('ends with the error where it breaks off again and again', async () => {
    const { runs, failure } = await attempts(broken, broken, broken, broken);
    assert.deepEqual([runs, failure], [3, broken]);
  });

  it('is not tried again where that cannot help', async () => {
    const missing = new Error('npm error code E404');
    const { runs, failure } = await attempts(missing);
    assert.deepEqual([runs, failure], [1, missing]);
  });

  it('tells what broke on the way from what will stay', () => {
    for (const code of ['ETIMEDOUT', 'EAI_AGAIN', 'E503', 'E429', 'EINTEGRITY', 'ERR_SOCKET_TIMEOUT']) {
      assert.equal(isBroken(new Error(`npm error code ${code}`)), true, code);
    }
    for (const code of ['E401', 'E403', 'E404', 'ETARGET', 'ENOSPC', 'EACCES', 'EUSAGE']) {
      assert.equal(isBroken(new Error(`npm error code ${code}`)), false, code);
    }
  });
});
