// No test depends on how fast the machine is: one that takes this long hangs. TEST_PATIENCE as in tools/patience.mts.
'use strict';
module.exports = { timeout: 60_000 * Number(process.env.TEST_PATIENCE ?? 1) };
