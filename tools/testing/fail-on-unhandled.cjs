// Required by mocha: a rejection that nobody handles fails the run; mocha's own listener would swallow it.
'use strict';
process.on('unhandledRejection', (error) => {
  throw error;
});
