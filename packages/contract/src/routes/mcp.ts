import { z } from 'zod'
import { McpServer, McpServerConfig } from '../mcp/mcp.ts'
import { Ok, base } from './base.ts'

const ServerParam = z.object({ id: z.string() })

export const mcp = {
  list: base.route({ method: 'GET', path: '/mcp/servers', summary: 'Servers of the Model Context Protocol' }).output(z.array(McpServer)),
  get: base.route({ method: 'GET', path: '/mcp/servers/{id}', summary: 'One server' }).input(ServerParam).output(McpServer),
  set: base
    .route({ method: 'PUT', path: '/mcp/servers/{id}', summary: 'Set up or change a server; its tools wait to be accepted' })
    .input(McpServerConfig)
    .output(McpServer),
  accept: base
    .route({ method: 'POST', path: '/mcp/servers/{id}/accept', summary: 'Accept its tools as they were shown' })
    .input(ServerParam.extend({ digest: z.string() }))
    .output(McpServer),
  remove: base.route({ method: 'DELETE', path: '/mcp/servers/{id}', summary: 'Forget a server' }).input(ServerParam).output(Ok),
  reconnect: base
    .route({ method: 'POST', path: '/mcp/servers/{id}/reconnect', summary: 'Connect anew' })
    .input(ServerParam)
    .output(McpServer),
}
