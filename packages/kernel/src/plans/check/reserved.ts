const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

/** Words after which CEL reads no name, not even after a dot. */
export const UNSELECTABLE = words('in true false null')

/** Names that CEL or the plan language already uses, so that no loop variable may take them. */
export const TAKEN = words(
  'inputs steps run index last cel google optional string bool int uint double map list bytes null_type type dyn ' +
    'as break const continue else for function if import let loop package namespace return var void while prototype',
)
