export { explain, ExplainedError, explainInOne, type Explanation, failureOf, needsConnecting } from './explain';
export { confirm, notifyOfError } from './notify';
export { RateLimitWait } from './rateLimitWait';
