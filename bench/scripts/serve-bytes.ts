import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

// A bare server: the same bytes to whoever asks, from memory; 304 to who has them. Prints its port.
const [, , file = ''] = process.argv
const body = readFileSync(file)
const etag = '"the-very-same"'
const server = createServer((request, response) => {
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, { etag })
    response.end()
    return
  }
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length, etag })
  response.end(body)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(typeof address === 'object' ? address?.port : '')
})
process.stdin.resume().on('end', () => process.exit())
