export { mostCounted, searchLocally } from './localSearch';
export { isInScope, type Scope, searchedProviders } from './scope';
export { type ServerField, serverPlan, type ServerPlan } from './serverPlan';
export { askedFields, type FoundRow, searchOnServer } from './serverSearch';
