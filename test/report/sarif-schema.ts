/**
 * The part of SARIF 2.1.0 that bridle writes, as a JSON Schema: written from the specification (OASIS, sections 3.13 to
 * 3.38), and stricter than the official schema, as it allows no property that is not named here.
 */
const object = (properties: object, required: readonly string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
})

const text = { type: 'string', minLength: 1 }
const message = object({ text }, ['text'])
const multiformat = object({ text, markdown: text }, ['text'])
const count = { type: 'integer', minimum: 1 }
const bag = { type: 'object' }

const region = object({ startLine: count, startColumn: count, endColumn: count }, ['startLine'])

/** Relative, without a scheme, a root, a step upward, or anything that a URI has to encode. */
const uri = {
  type: 'string',
  pattern: "^(?!/)(?!.*(^|/)\\.\\.?(/|$))([A-Za-z0-9._~!$&'()*+,;=@/-]|%[0-9A-F]{2})+$",
}
const artifactLocation = object({ uri, uriBaseId: { const: '%SRCROOT%' } }, ['uri', 'uriBaseId'])

const location = object({
  physicalLocation: object({ artifactLocation, region }, ['artifactLocation']),
  logicalLocations: { type: 'array', minItems: 1, items: object({ fullyQualifiedName: text }) },
  message,
})
const locations = { type: 'array', items: location }

const codeFlow = object(
  {
    threadFlows: {
      type: 'array',
      minItems: 1,
      items: object(
        { locations: { type: 'array', minItems: 1, items: object({ location }, ['location']) } },
        ['locations'],
      ),
    },
  },
  ['threadFlows'],
)

const level = { enum: ['none', 'note', 'warning', 'error'] }

const rule = object(
  {
    id: text,
    shortDescription: multiformat,
    fullDescription: multiformat,
    help: multiformat,
    defaultConfiguration: object({ level }),
    properties: bag,
  },
  ['id', 'help'],
)

const result = object(
  {
    ruleId: text,
    ruleIndex: { type: 'integer', minimum: 0 },
    level,
    message,
    locations,
    relatedLocations: locations,
    codeFlows: { type: 'array', minItems: 1, items: codeFlow },
    partialFingerprints: { type: 'object', minProperties: 1, additionalProperties: text },
    suppressions: {
      type: 'array',
      items: object(
        {
          kind: { enum: ['inSource', 'external'] },
          status: { enum: ['accepted', 'underReview', 'rejected'] },
          justification: { type: 'string' },
        },
        ['kind'],
      ),
    },
  },
  ['ruleId', 'ruleIndex', 'level', 'message', 'locations', 'partialFingerprints'],
)

export const sarifSchema = object(
  {
    $schema: { type: 'string', format: 'uri' },
    version: { const: '2.1.0' },
    runs: {
      type: 'array',
      minItems: 1,
      items: object(
        {
          tool: object({ driver: object({ name: text, rules: { type: 'array', items: rule } }, ['name']) }, [
            'driver',
          ]),
          automationDetails: object({ id: text }),
          columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
          results: { type: 'array', items: result },
          properties: bag,
        },
        ['tool', 'results'],
      ),
    },
  },
  ['version', 'runs'],
)
