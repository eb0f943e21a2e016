export { type Asked, askFor, type Known, knownBy } from './exact';
export { mostCounted, searchLocally } from './localSearch';
export { isInScope, type Scope, searchedProviders } from './scope';
export { type ServerField, serverPlan, type ServerPlan } from './serverPlan';
export { type Asking, type FoundRow, inquiries, type Inquiry, searchOnServer } from './serverSearch';
export { SmallDirectories } from './smallDirectories';
