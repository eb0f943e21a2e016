export { type Entry, type FormatName, formats } from './formats';
