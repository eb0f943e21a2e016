export { type Word, wordAt } from './word';
