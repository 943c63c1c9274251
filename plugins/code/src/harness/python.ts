/**
 * Runs in the box: executes `main.py`, then each test in the same names, and writes what came of it to a file. The last
 * expression is the result; a table becomes `result.csv`, open figures become `plot-N.png`.
 */
export const PYTHON_HARNESS = String.raw`
import ast, io, json, os, sys, traceback
settings = json.load(open('.life-os/settings.json', encoding='utf-8'))
if settings['packages']:
    sys.path.insert(0, settings['packages'])
sys.path.insert(0, os.getcwd())
sys.argv = ['main.py'] + settings['args']
sys.stdin = open('.life-os/stdin', encoding='utf-8', errors='replace')
os.environ['MPLBACKEND'] = 'Agg'
os.environ['MPLCONFIGDIR'] = '/tmp/matplotlib'
names = {'__name__': '__main__', '__file__': 'main.py', '__builtins__': __builtins__}

def fault(error, file):
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    line = getattr(error, 'lineno', None) if isinstance(error, SyntaxError) else (lines[-1] if lines else None)
    parts = traceback.format_exception(type(error), error, error.__traceback__)
    text = ''.join(part for part in parts if '<stdin>' not in part)
    return {'type': type(error).__name__, 'message': str(error)[:4000], 'line': line, 'trace': text[-8000:]}

def run(source, file):
    tree = ast.parse(source, file)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, file, 'exec'), names)
    return None if last is None else eval(compile(ast.Expression(last.value), file, 'eval'), names)

def is_table(value):
    kind = type(value)
    return kind.__module__.split('.')[0] == 'pandas' and kind.__name__ in ('DataFrame', 'Series')

def plain(value):
    try:
        text = json.dumps(value, allow_nan=False)
        return json.loads(text) if len(text) <= 100000 else None
    except Exception:
        return None

def save_figures():
    figures = sys.modules.get('matplotlib.pyplot')
    if figures is None:
        return
    for count, number in enumerate(figures.get_fignums(), 1):
        name = 'plot-%d.png' % count
        if not os.path.exists(name):
            figures.figure(number).savefig(name, dpi=120, bbox_inches='tight')

report = {'error': None, 'result': None, 'text': None, 'tests': []}
try:
    value = run(open('main.py', encoding='utf-8').read(), 'main.py')
    if is_table(value) and not os.path.exists('result.csv'):
        value.to_csv('result.csv', index=type(value).__name__ == 'Series' or value.index.name is not None)
    if value is not None:
        report['text'] = repr(value)[:100000]
        report['result'] = plain(value)
    save_figures()
except SystemExit as stop:
    if stop.code not in (None, 0):
        report['error'] = {'type': 'SystemExit', 'message': 'The program ended with %r.' % (stop.code,), 'line': None, 'trace': ''}
except BaseException as error:
    report['error'] = fault(error, 'main.py')
for test in settings['tests']:
    if report['error'] is not None:
        report['tests'].append({'name': test['name'], 'ok': False, 'message': 'not run: the program failed'})
        continue
    try:
        run(test['code'], test['name'])
        report['tests'].append({'name': test['name'], 'ok': True, 'message': ''})
    except BaseException as error:
        told = fault(error, test['name'])
        where = '' if told['line'] is None else ' (line %s)' % told['line']
        report['tests'].append({'name': test['name'], 'ok': False, 'message': '%s: %s%s' % (told['type'], told['message'], where)})
sys.stdout.flush()
sys.stderr.flush()
with open('.life-os/report.json', 'w', encoding='utf-8') as file:
    json.dump(report, file)
os._exit(0 if report['error'] is None else 1)
`
