import assert from 'node:assert/strict';
import { definitionLine } from '../../../../src/extension/dagFiles/definitions.ts';

describe('where a DAG is defined in its file', () => {
  const styles: Record<string, { text: string; dagId: string; line: number }> = {
    'a decorator above a function': {
      text: 'from airflow.sdk import dag\n\n@dag\ndef weather():\n    pass\n',
      dagId: 'weather',
      line: 2,
    },
    'a decorator with arguments on several lines': {
      text: 'import x\n@dag(\n    schedule="@daily",\n    tags=["a", "def b"],\n)\n@other\ndef weather():\n    pass',
      dagId: 'weather',
      line: 1,
    },
    'a decorator that names it': {
      text: '@dag("weather", schedule=None)\ndef other(): ...\n@sdk.dag(dag_id=\'rain\')\ndef weather(): ...',
      dagId: 'rain',
      line: 2,
    },
    'a with statement': {
      text: 'from airflow.sdk import DAG\nwith DAG("weather", schedule=None) as dag:\n    pass',
      dagId: 'weather',
      line: 1,
    },
    'a keyword on a line of its own, behind others and a comment': {
      text: 'x = 1\nwith models.DAG(\n    schedule="0 0 * * *",  # daily, "DAG("\n    dag_id="weather",  # it\'s me\n):\n    pass',
      dagId: 'weather',
      line: 1,
    },
    'a variable': { text: '\n\ndag = DAG(dag_id="weather")', dagId: 'weather', line: 2 },
    'a constant of the file': {
      text: 'NAME: str = "weather"  # daily\nOTHER = "rain"\ndag = DAG(OTHER)\ndag = DAG(NAME)\n',
      dagId: 'weather',
      line: 3,
    },
    'the second of two': {
      text: 'with DAG("a"):\n    pass\nwith DAG("b"):\n    pass\n',
      dagId: 'b',
      line: 2,
    },
    'not in a docstring, a comment or a class': {
      text: '"""A file with DAG("weather") in its text."""\n# DAG("weather")\nclass DAG(Base): ...\nDAG("weather")',
      dagId: 'weather',
      line: 3,
    },
    'a loop, whose ids only running it tells': {
      text: 'with DAG("fixed"):\n    pass\nfor city in cities:\n    with DAG(f"weather_{city}"):\n        pass',
      dagId: 'weather_bern',
      line: 3,
    },
    'arguments that come from elsewhere': {
      text: 'x = 1\ndag = DAG(**settings)',
      dagId: 'weather',
      line: 1,
    },
    'a file in which nothing looks like it': {
      text: 'from factory import make\n\nmake("weather")',
      dagId: 'weather',
      line: 0,
    },
    'Windows’ ends of lines': {
      text: 'import x\r\n\r\n@dag()\r\ndef weather():\r\n    pass\r\n',
      dagId: 'weather',
      line: 2,
    },
    'one that is being typed': { text: 'import x\nwith DAG("a", [', dagId: 'weather', line: 0 },
  };
  for (const [style, { text, dagId, line }] of Object.entries(styles)) {
    it(style, () => {
      assert.equal(definitionLine(text, dagId), line);
    });
  }

  it('takes a moment for a long file', () => {
    const text = `${'x = ["a", (1, 2)]  # DAG(\n'.repeat(20_000)}with DAG(\n  "weather"):\n    pass\n`;
    const before = performance.now();
    assert.equal(definitionLine(text, 'weather'), 20_000);
    assert.ok(performance.now() - before < 500);
  });
});
