/** Properties that hold for anything that may come, each tried with random cases; see propertiesRun.ts for how to replay one. */
import './propertiesOfDecoders';
import './propertiesOfHeaders';
import './propertiesOfMatching';
import './propertiesOfPages';
import './propertiesOfRates';
import './propertiesOfRetries';
import './propertiesOfSharing';
