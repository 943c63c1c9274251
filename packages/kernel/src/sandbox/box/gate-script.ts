/**
 * Runs inside a box before the program, with the gate on descriptor 4. It says that the box stands and waits for a word from
 * the server: a box whose server is gone by then reads the end of the pipe and ends, although bubblewrap's tie to its
 * parent is not made yet. `unset`: the shell adds variables of its own.
 */
export const GATE = `unset PWD OLDPWD; echo ready >&4; read -r word <&4; [ "$word" = go ] || exit 113; exec "$@" 4<&- 5<&- 6<&- 7<&- 8<&- 9<&-`

/** Runs outside: enters the control groups named before \`--\`, then becomes what follows. */
export const ENTER = `while [ "$1" != -- ]; do echo $$ > "$1" || exit 112; shift; done; shift; unset PWD OLDPWD; exec "$@"`
