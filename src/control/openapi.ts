import { z } from 'zod'
import type { ControlOperation } from './operation'

/** A description of each group of operations. */
const TAGS: Readonly<Record<string, string>> = {
  State: 'What a test double holds, and back to the start',
  Snapshots: 'The rows of the database under names, and back to them',
  Rules: 'What calls are answered in place of what they would be',
  Faults: 'Every fault, and how to get it',
  Journal: 'What was asked and answered, and why',
  Clock: 'The time that sessions and signatures are judged by',
  Galleries: 'Images as each store view sees them, and their changes',
  Products: 'What galleries hang on',
  'Store views': 'In which galleries are seen',
  'Attribute sets': 'Which products have a gallery at all',
  Users: 'Who may log in to SOAP, XML-RPC and JSON-RPC',
  OAuth: 'Who may sign requests of REST',
}

/** Returns the OpenAPI 3.1 document of the control API. It is derived from the operations. */
export function controlDocument(operations: readonly ControlOperation[], publicUrl: string): object {
  const used = new Set(operations.map(({ tag }) => tag))
  const paths: Record<string, Record<string, unknown>> = {}
  for (const operation of operations) {
    const path = paths[operation.path] ?? {}
    path[operation.method] = described(operation)
    paths[operation.path] = path
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Keepsake’s control API', version: '1' },
    servers: [{ url: `${publicUrl}/_keepsake` }],
    tags: [...used].map((name) => ({ name, ...(TAGS[name] && { description: TAGS[name] }) })),
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Error: { type: 'object', required: ['error'], properties: { error: { type: 'string' } } } },
    },
    security: [{}, { token: [] }],
  }
}

function described({ tag, summary, path, query, body, answers }: ControlOperation) {
  return {
    tags: [tag],
    summary,
    operationId: `${summary}`.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
    parameters: [...pathParameters(path), ...queryParameters(query)],
    ...(body && { requestBody: { required: true, content: json(schemaOf(body, 'input')) } }),
    responses: {
      ...(answers
        ? { 200: { description: 'Done', content: json(schemaOf(answers, 'output')) } }
        : { 204: { description: 'Done' } }),
      default: {
        description: 'Refused',
        content: json({ $ref: '#/components/schemas/Error' }),
      },
    },
  }
}

function pathParameters(path: string) {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
}

function queryParameters(query: z.ZodType | undefined) {
  if (!query) return []
  const { properties = {}, required = [] } = schemaOf(query, 'input')
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }))
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, unknown>>
  readonly required?: readonly string[]
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest as JsonSchema
}

function json(schema: object) {
  return { 'application/json': { schema } }
}
