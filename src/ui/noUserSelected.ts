/** A command for users was run without a row, a document or an argument. The search opens instead of an error message. */
export class NoUserSelectedError extends Error {
  constructor() {
    super('No user is selected');
    this.name = 'NoUserSelectedError';
  }
}
