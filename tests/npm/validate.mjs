// Whether answers of the server are what its OpenAPI document says: validate.mjs DOCUMENT ANSWERS.
// ANSWERS is an array of {path, method, status, body}, path as the document writes it. Prints what does not fit; exit code 1 for anything.
import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const [document, answers] = process.argv.slice(2, 4).map((file) => JSON.parse(readFileSync(file, 'utf8')));
// The document itself is no schema, so unknown words around the schemas are fine.
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
for (const format of ['int32', 'int64', 'double']) {
  ajv.addFormat(format, true);
}
ajv.addSchema(document, 'api');

let wrong = 0;
const complain = (answer, text) => {
  wrong++;
  console.log(`${answer.method} ${answer.path} ${answer.status}: ${text}`);
};
for (const answer of answers) {
  const response = document.paths[answer.path]?.[answer.method]?.responses?.[answer.status];
  const schema = response?.content?.['application/json']?.schema;
  if (schema === undefined) {
    complain(answer, 'the document has no schema for it');
    continue;
  }
  const pointer = ['paths', answer.path, answer.method, 'responses', `${answer.status}`, 'content', 'application/json', 'schema']
    .map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
  const fits = ajv.compile({ $ref: `api#/${pointer}` });
  if (!fits(answer.body)) {
    complain(answer, ajv.errorsText(fits.errors));
  }
}
process.exit(wrong === 0 ? 0 : 1);
