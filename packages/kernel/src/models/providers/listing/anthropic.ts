// https://docs.claude.com/en/api/models-list
import { fields, numberIn, textIn } from '../wire/json.ts'
import { capabilitiesByName, contextByName } from './capabilities.ts'
import type { ListCall, Listed } from './listed.ts'

export async function listAnthropic({ config, transport, signal }: ListCall): Promise<Listed[]> {
  const headers = { 'anthropic-version': '2023-06-01' }
  const entries = fields(await transport.json('/models?limit=1000', signal, { headers }), 'data')
  return entries.map((entry) => {
    const name = textIn(entry, 'id')
    return {
      ref: `${config.id}/${name}`,
      provider: config.id,
      name,
      title: textIn(entry, 'display_name') || name,
      local: false,
      capabilities: capabilitiesByName(config.kind, name),
      context: numberIn(entry, 'max_input_tokens') ?? contextByName(config.kind, name),
      size: null,
      memory: null,
      parameters: null,
    }
  })
}
