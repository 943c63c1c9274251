// A model as a GGUF file, made from numbers that mean nothing: what it says is noise, but a real runtime loads it and speaks its real wire format.
// The layout is that of ggml's `docs/gguf.md`, version 3; the names of keys and tensors are those of the architecture `llama`.

const SIZES = { embedding: 32, heads: 2, feed: 64, context: 2048 }
const ALIGNMENT = 32 // bytes
const TYPE = { u32: 4, f32: 6, bool: 7, text: 8, list: 9, i32: 5 } as const
const KIND = { normal: 1, unknown: 2, control: 3, byte: 6 } as const

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
const u64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}
const f32 = (values: Iterable<number>): Buffer => Buffer.from(Float32Array.from(values).buffer)
const text = (value: string): Buffer => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)])
const pair = (key: string, type: keyof typeof TYPE, value: Buffer): Buffer => Buffer.concat([text(key), u32(TYPE[type]), value])
const list = (key: string, type: keyof typeof TYPE, length: number, value: Buffer): Buffer =>
  pair(key, 'list', Buffer.concat([u32(TYPE[type]), u64(length), value]))

/** Every byte and every printable letter of ASCII. */
function vocabulary(): { token: string; kind: number; score: number }[] {
  const special = ['<unk>', '<s>', '</s>'].map((token, index) => ({ token, kind: index === 0 ? KIND.unknown : KIND.control, score: 0 }))
  const bytes = Array.from({ length: 256 }, (_, byte) => ({
    token: `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
    kind: KIND.byte,
    score: 0,
  }))
  const letters = ['▁', ...Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index))]
  return [...special, ...bytes, ...letters.map((token, index) => ({ token, kind: KIND.normal, score: -1 - index }))]
}

/** Written like the templates of Qwen, from which a runtime reads how calls of tools look. */
const TEMPLATE = [
  '{%- if tools %}<|im_start|>system\n<tools>{% for tool in tools %}\n{{ tool | tojson }}{% endfor %}\n</tools><|im_end|>\n{% endif %}',
  "{%- for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content if message.content else '' }}",
  '{%- for call in message.tool_calls or [] %}\n<tool_call>\n{"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}\n</tool_call>{% endfor %}',
  '<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}',
].join('')

function pairs(): Buffer[] {
  const words = vocabulary()
  const number = (key: string, value: number) => pair(key, 'u32', u32(value))
  return [
    pair('general.architecture', 'text', text('llama')),
    pair('general.name', 'text', text('tiny')),
    number('llama.context_length', SIZES.context),
    number('llama.embedding_length', SIZES.embedding),
    number('llama.block_count', 1),
    number('llama.feed_forward_length', SIZES.feed),
    number('llama.attention.head_count', SIZES.heads),
    number('llama.rope.dimension_count', SIZES.embedding / SIZES.heads),
    number('llama.vocab_size', words.length),
    pair('llama.attention.layer_norm_rms_epsilon', 'f32', f32([1e-5])),
    pair('tokenizer.ggml.model', 'text', text('llama')),
    list('tokenizer.ggml.tokens', 'text', words.length, Buffer.concat(words.map(({ token }) => text(token)))),
    list('tokenizer.ggml.scores', 'f32', words.length, f32(words.map(({ score }) => score))),
    list('tokenizer.ggml.token_type', 'i32', words.length, Buffer.concat(words.map(({ kind }) => u32(kind)))),
    number('tokenizer.ggml.unknown_token_id', 0),
    number('tokenizer.ggml.bos_token_id', 1),
    number('tokenizer.ggml.eos_token_id', 2),
    pair('tokenizer.chat_template', 'text', text(TEMPLATE)),
  ]
}

/** By name, with its sides; norms are ones, all others small noise that is the same each time. */
function tensors(): { name: string; sides: number[] }[] {
  const { embedding: wide, feed } = SIZES
  const words = vocabulary().length
  const layer: [string, number[]][] = [
    ['attn_norm', [wide]],
    ['attn_q', [wide, wide]],
    ['attn_k', [wide, wide]],
    ['attn_v', [wide, wide]],
    ['attn_output', [wide, wide]],
    ['ffn_norm', [wide]],
    ['ffn_gate', [wide, feed]],
    ['ffn_down', [feed, wide]],
    ['ffn_up', [wide, feed]],
  ]
  return [
    { name: 'token_embd.weight', sides: [wide, words] },
    { name: 'output_norm.weight', sides: [wide] },
    { name: 'output.weight', sides: [wide, words] },
    ...layer.map(([name, sides]) => ({ name: `blk.0.${name}.weight`, sides })),
  ]
}

export function tinyModel(): Uint8Array {
  const keys = pairs()
  const shapes = tensors()
  let seed = 7
  const noise = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return seed / 0xffffffff - 0.5
  }
  let offset = 0
  const data = shapes.map(({ sides }) => {
    const count = sides.reduce((product, side) => product * side, 1)
    return padded(f32(Array.from({ length: count }, () => (sides.length === 1 ? 1 : noise()))))
  })
  const infos = shapes.map(({ name, sides }, index) => {
    const info = Buffer.concat([text(name), u32(sides.length), ...sides.map(u64), u32(0), u64(offset)])
    offset += data[index]?.length ?? 0
    return info
  })
  const head = Buffer.concat([Buffer.from('GGUF'), u32(3), u64(shapes.length), u64(keys.length), ...keys, ...infos])
  return Buffer.concat([padded(head), ...data])
}
const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((ALIGNMENT - (bytes.length % ALIGNMENT)) % ALIGNMENT)])
