// The server build comes without the native module that writes VS Code's log files, and then there are none. This stands
// in for it, in the server and in its extension hosts, so that a test can read what is logged, in the window and on the disk.

const standIn = `--import=data:text/javascript,${encodeURIComponent(`

    import { appendFileSync } from 'node:fs';
    import Module from 'node:module';

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

    // What the server forks gets its arguments, but not this variable.
    if (process.argv[1]?.endsWith('server-main.js')) process.execArgv.push('--import', import.meta.url);

    const load = Module._load;
    Module._load = function (request, ...rest) {
      if (request !== 'bindings') return load.call(this, request, ...rest);
      return (name) => {
        if (name === 'spdlog') return spdlog;
        throw new Error('Could not locate the bindings file of ' + name);
      };
    };
`)}`;
/** The environment of a window whose logs are written. */
export const writtenLogs = { NODE_OPTIONS: standIn };
