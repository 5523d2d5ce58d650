import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { getCookie } from 'hono/cookie'
import { languages } from '../kit/model/wire.ts'
import type { Request } from './context.ts'

/** The built page. Every path that is no file is the page itself, which routes in the browser. */
export interface StaticFiles {
  readonly answer: (c: Request) => Response
}

interface File {
  readonly raw: Buffer
  readonly type: string
  readonly immutable: boolean
  readonly etag: string
  br?: Buffer
  gzip?: Buffer
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
}
const compressible = new Set(['.html', '.js', '.css', '.svg', '.json', '.webmanifest'])
const filesMax = 500

export const loadStaticFiles = (folder: string): StaticFiles => {
  if (!existsSync(join(folder, 'index.html'))) {
    throw new Error(`The console's page is not built: ${folder} is missing (npm start builds it).`)
  }
  const files = new Map<string, File>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || files.size >= filesMax) continue
    const path = join(entry.parentPath, entry.name)
    const url = `/${relative(folder, path).split(sep).join('/')}`
    const raw = readFileSync(path)
    files.set(url, {
      raw,
      type: types[extname(path)] ?? 'application/octet-stream',
      immutable: url.startsWith('/assets/'),
      etag: `"${createHash('sha256').update(raw).digest('base64url').slice(0, 22)}"`,
    })
  }
  const page = files.get('/index.html')?.raw.toString('utf8') ?? ''
  return {
    answer: (c) => {
      const file = files.get(c.req.path)
      if (file !== undefined && c.req.path !== '/index.html') return answerFile(c, file)
      if (c.req.path.startsWith('/assets/')) return c.body(null, 404)
      c.header('cache-control', 'no-cache')
      return c.html(dressed(page, getCookie(c, 'premia-look')))
    },
  }
}

const answerFile = (c: Request, file: File): Response => {
  c.header('cache-control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
  c.header('etag', file.etag)
  c.header('vary', 'accept-encoding')
  if (c.req.header('if-none-match') === file.etag) return c.body(null, 304)
  c.header('content-type', file.type)
  const accepted = c.req.header('accept-encoding') ?? ''
  const mayCompress = [...compressible].some((extension) => types[extension] === file.type)
  if (mayCompress && accepted.includes('br')) {
    file.br ??= brotliCompressSync(file.raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
    c.header('content-encoding', 'br')
    return c.body(new Uint8Array(file.br))
  }
  if (mayCompress && accepted.includes('gzip')) {
    file.gzip ??= gzipSync(file.raw, { level: 9 })
    c.header('content-encoding', 'gzip')
    return c.body(new Uint8Array(file.gzip))
  }
  return c.body(new Uint8Array(file.raw))
}

/** Language, theme and density stand in the first byte sent, so that nothing flashes. The cookie holds taste, no identity. */
const dressed = (page: string, look: string | undefined): string => {
  const [language, theme, density] = (look ?? '').split('.')
  const known = languages.find((each) => each === language) ?? 'pl'
  const attributes = [
    `lang="${known}"`,
    `data-theme="${theme === 'dark' || theme === 'light' ? theme : 'system'}"`,
    `data-density="${density === 'roomy' ? 'roomy' : 'normal'}"`,
  ]
  return page.replace(/<html[^>]*>/, `<html ${attributes.join(' ')}>`)
}
