// The server build comes without the native module that writes VS Code's log files, and then there are none. This stands
// in for it, in the server and in its extension hosts, so that a test can read what is logged, in the window and on the disk.

/** Takes the place of the package `bindings`, which looks for native modules. */
const bindings = `
  const { appendFileSync } = require('node:fs');

  const levels = ['trace', 'debug', 'info', 'warn', 'error', 'critical'];
  class Logger {
    constructor(type, name, file) {
      this.file = file;
      this.lowest = 2;
    }
    setLevel(level) {
      this.lowest = level;
    }
    getLevel() {
      return this.lowest;
    }
  }
  for (const name of ['setPattern', 'clearFormatters', 'flush', 'drop']) Logger.prototype[name] = () => undefined;
  levels.forEach((name, level) => {
    Logger.prototype[name] = function (text) {
      if (level >= this.lowest) appendFileSync(this.file, new Date().toISOString() + ' [' + name + '] ' + text + '\\n');
    };
  });
  const spdlog = { version: 0, setLevel() {}, setFlushOn() {}, Logger };

  module.exports = (name) => {
    if (name === 'spdlog') return spdlog;
    throw new Error('Could not locate the bindings file of ' + name);
  };
`;

const preload = `
  import { registerHooks } from 'node:module';

  // What the server forks gets its arguments, but not this variable.
  if (process.argv[1]?.endsWith('server-main.js')) process.execArgv.push('--import', import.meta.url);

  registerHooks({
    load: (url, context, next) =>
      url.endsWith('/node_modules/bindings/bindings.js')
        ? { format: 'commonjs', source: ${JSON.stringify(bindings)}, shortCircuit: true }
        : next(url, context),
  });
`;

/** The environment of a window whose logs are written. */
export const writtenLogs = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload)}` };
