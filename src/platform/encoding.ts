/** Ways of packing a body, as `Content-Encoding` names them. */
export type Encoding = 'br' | 'gzip'
