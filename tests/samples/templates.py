# ruff: noqa: E501  (templates are written as their authors write them)
"""Chat templates: honest ones in the manner of well-known families, and what attackers write."""

HONEST: dict[str, str] = {
    "chatml": """{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>'
 + '\\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}""",
    "header-ids": """{{- bos_token }}
{%- if custom_tools is defined %}{%- set tools = custom_tools %}{%- endif %}
{%- if not date_string is defined %}
  {%- if strftime_now is defined %}{%- set date_string = strftime_now("%d %b %Y") %}
  {%- else %}{%- set date_string = "26 Jul 2024" %}{%- endif %}
{%- endif %}
{%- if messages[0]['role'] == 'system' %}
  {%- set system_message = messages[0]['content']|trim %}{%- set messages = messages[1:] %}
{%- else %}{%- set system_message = "" %}{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" + "Today Date: " + date_string + "\\n\\n" }}
{%- if tools is not none %}{%- for t in tools %}{{- t | tojson(indent=4) }}{{- "\\n\\n" }}{%- endfor %}{%- endif %}
{{- system_message }}{{- "<|eot_id|>" }}
{%- for message in messages %}
  {%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}
    {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'+ message['content'] | trim + '<|eot_id|>' }}
  {%- elif 'tool_calls' in message %}
    {%- if not message.tool_calls|length == 1 %}{{- raise_exception("one tool call at once") }}{%- endif %}
    {%- set tool_call = message.tool_calls[0].function %}
    {{- '{"name": "' + tool_call.name + '", ' }}{{- '"parameters": ' }}{{- tool_call.arguments | tojson }}{{- "}" }}
    {%- for arg_name, arg_val in tool_call.arguments | items %}{{- arg_name + '="' + arg_val + '"' }}
      {%- if not loop.last %}{{- ", " }}{%- endif %}{%- endfor %}
  {%- endif %}
{%- endfor %}""",
    "alternating": """{%- if messages[0]["role"] == "system" %}{%- set system_message = messages[0]["content"] %}
{%- set loop_messages = messages[1:] %}{%- else %}{%- set loop_messages = messages %}{%- endif %}
{%- set user_messages = loop_messages | selectattr("role", "equalto", "user") | list %}
{%- set ns = namespace() %}{%- set ns.index = 0 %}
{%- for message in loop_messages %}
  {%- if not (message.role == "tool" or (message.tool_calls is defined and message.tool_calls is not none)) %}
    {%- if (message["role"] == "user") != (ns.index % 2 == 0) %}{{- raise_exception("roles must alternate") }}{%- endif %}
    {%- set ns.index = ns.index + 1 %}
  {%- endif %}
{%- endfor %}
{{- bos_token }}
{%- for message in loop_messages %}
  {%- if message["role"] == "user" %}
    {%- if tools is not none and (message == user_messages[-1]) %}{{- "[AVAILABLE_TOOLS] [" }}
      {%- for tool in tools %}{%- set tool = tool.function %}{{- '{"type": "function", "function": {' }}
        {%- for key, val in tool.items() if key != "return" %}
          {%- if val is string %}{{- '"' + key + '": "' + val + '"' }}{%- else %}{{- '"' + key + '": ' + val|tojson }}{%- endif %}
          {%- if not loop.last %}{{- ", " }}{%- endif %}{%- endfor %}{{- "}}" }}{%- endfor %}{{- "[/AVAILABLE_TOOLS]" }}
    {%- endif %}{{- "[INST] " + message["content"] + "[/INST]" }}
  {%- elif message.tool_calls is defined %}
    {%- for tool_call in message.tool_calls %}{%- set out = tool_call.function|tojson %}{{- out[:-1] }}
      {%- if not tool_call.id is defined or tool_call.id|length != 9 %}{{- raise_exception("id") }}{%- endif %}{%- endfor %}
  {%- endif %}
{%- endfor %}""",
    "thinking-tools": """{%- if tools %}{{- '<|im_start|>system\\n' }}{{- "# Tools\\n\\n<tools>" }}
{%- for tool in tools %}{{- "\\n" }}{{- tool | tojson }}{%- endfor %}{{- "\\n</tools><|im_end|>\\n" }}{%- endif %}
{%- set ns = namespace(multi_step_tool=true, last_query_index=messages|length - 1) %}
{%- for message in messages[::-1] %}
  {%- set index = (messages|length - 1) - loop.index0 %}
  {%- if ns.multi_step_tool and message.role == "user" and message.content is string and not
      (message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}
    {%- set ns.multi_step_tool = false %}{%- set ns.last_query_index = index %}
  {%- endif %}
{%- endfor %}
{%- for message in messages %}
  {%- if message.content is string %}{%- set content = message.content %}{%- else %}{%- set content = '' %}{%- endif %}
  {%- set reasoning_content = '' %}
  {%- if '</think>' in content %}
    {%- set reasoning_content = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
    {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
  {%- endif %}
  {%- if loop.first or (messages[loop.index0 - 1].role != "tool") %}{{- '<|im_start|>user' }}{%- endif %}
  {%- if loop.index0 > ns.last_query_index and (loop.last or (not loop.last and reasoning_content)) %}
    {{- '<|im_start|>' + message.role + '\\n<think>\\n' + reasoning_content.strip('\\n') + '\\n</think>\\n\\n' + content }}
  {%- endif %}
  {%- if not loop.last and messages[loop.index0 + 1].role == "tool" %}{{- '<|im_end|>\\n' }}{%- endif %}
{%- endfor %}""",
    "reasoning": """{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}
{% set ns = namespace(is_first=false, is_tool=false, is_output_first=true, system_prompt='') %}
{%- for message in messages %}{%- if message['role'] == 'system' %}
{% set ns.system_prompt = ns.system_prompt + '\\n\\n' + message['content'] %}{%- endif %}{%- endfor %}
{{ bos_token }}{{ ns.system_prompt }}
{%- for message in messages %}
  {%- if message['role'] == 'assistant' and message['content'] is not none %}
    {% set content = message['content'] %}{% if '</think>' in content %}{% set content = content.split('</think>')[-1] %}{% endif %}
    {{ '<|Assistant|>' + content }}
  {%- endif %}
  {%- for tool in message['tool_calls'] %}{{ '```json\\n' + tool['function']['arguments'] + '\\n```' }}{%- endfor %}
{%- endfor -%}""",
    "turns": """{{ bos_token }}{%- if messages[0]['role'] == 'system' -%}
  {%- if messages[0]['content'] is string -%}{%- set first_user_prefix = messages[0]['content'] + '\\n\\n' -%}
  {%- else -%}{%- set first_user_prefix = messages[0]['content'][0]['text'] + '\\n\\n' -%}{%- endif -%}
  {%- set loop_messages = messages[1:] -%}
{%- else -%}{%- set first_user_prefix = "" -%}{%- set loop_messages = messages -%}{%- endif -%}
{%- for message in loop_messages -%}
  {%- if (message['role'] == 'assistant') -%}{%- set role = "model" -%}{%- else -%}{%- set role = message['role'] -%}{%- endif -%}
  {{ '<start_of_turn>' + role + '\\n' + (first_user_prefix if loop.first else "") }}
  {%- if message['content'] is string -%}{{ message['content'] | trim }}
  {%- elif message['content'] is iterable -%}
    {%- for item in message['content'] -%}{%- if item['type'] == 'image' -%}{{ '<start_of_image>' }}{%- endif -%}{%- endfor -%}
  {%- endif -%}{{ '<end_of_turn>\\n' }}
{%- endfor -%}""",
    "macros": """{%- macro render_typescript_type(param_spec, required_params, is_nullable=false) -%}
  {%- if param_spec.type == "array" -%}
    {%- if param_spec['items'] -%}{{- render_typescript_type(param_spec['items'], required_params) + "[]" }}{%- endif -%}
  {%- elif param_spec.type is iterable and param_spec.type is not string -%}{{- param_spec.type | join(" | ") }}
  {%- elif param_spec.enum -%}{{- '"' + param_spec.enum|join('" | "') + '"' -}}
  {%- else -%}{%- for key, value in param_spec.properties.items() -%}{{ key }}{% if key not in (param_spec.required or []) %}?{% endif %}
    {%- endfor -%}{%- endif -%}
{%- endmacro -%}
{%- for tool in tools | rejectattr("type", "equalto", "builtin") %}{{ render_typescript_type(tool.parameters, []) }}{% endfor %}
{%- set names = tools | map(attribute='function.name') | join(', ') %}{{ names }}
{% generation %}{{ messages[-1].content }}{% endgeneration %}
{%- if '%s' % 'x' == 'x' %}{{ "{}".format(names) }}{%- endif %}{% for m in messages %}{% if loop.index > 3 %}{% break %}{% endif %}{% endfor %}
{%- set json_spec = {'string': 'str', 'number': 'float'} %}{{ json_spec[param.type] }}{{ json_spec.get(param.type, 'any') }}""",
    "short": "{% for m in messages %}<|{{ m.role }}|>\n{{ m.content }}<|end|>\n{% endfor %}<|assistant|>\n",
}

ESCAPES: dict[str, str] = {
    "class-chain": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "cycler": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "joiner": "{{ joiner.__init__.__globals__['os'].system('id') }}",
    "lipsum": "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "namespace": "{{ namespace.__init__.__globals__.os.popen('id') }}",
    "self": "{{ self.__init__.__globals__.__builtins__.__import__('os').popen('id') }}",
    "self-module": "{{ self._TemplateReference__context.cycler.__init__.__globals__ }}",
    "attr-filter": "{{ ''|attr('__class__')|attr('__base__') }}",
    "attr-built": "{{ x|attr('_' ~ '_class_' ~ '_') }}",
    "attr-plain": "{{ messages|attr(messages[0].content) }}",
    "subscript": "{{ ''['__class__']['__base__'] }}",
    "hex": "{{ ''['\\x5f\\x5fclass\\x5f\\x5f'] }}",
    "unicode": "{{ ''['\\u005f\\u005fclass\\u005f\\u005f'] }}",
    "concat": "{{ ''['__cla' ~ 'ss__'] }}",
    "plus": "{{ ''['__cla' + 'ss__'] }}",
    "adjacent": "{{ ''['__cla' 'ss__'] }}",
    "variables": "{% set a = '__cla' %}{% set b = 'ss__' %}{{ ''[a ~ b] }}",
    "namespace-text": "{% set ns = namespace(t='') %}{% for p in messages %}{% set ns.t = ns.t ~ p %}{% endfor %}{{ x[ns.t] }}",
    "loop-pieces": "{% for a in ['__cla'] %}{% for b in ['ss__'] %}{{ ''[a ~ b] }}{% endfor %}{% endfor %}",
    "set-block": "{% set a %}__class__{% endset %}{{ ''[a] }}",
    "macro": "{% macro f(a, b) %}{{ ''[a ~ b] }}{% endmacro %}{{ f('__cla', 'ss__') }}",
    "join": "{{ ''[['__cla', 'ss__']|join] }}",
    "join-method": "{{ ''[''.join(['__cla', 'ss__'])] }}",
    "reverse": "{{ ''['__ssalc__'|reverse] }}",
    "slice": "{{ ''['__ssalc__'[::-1]] }}",
    "replace": "{{ ''['..class..'|replace('.', '_')] }}",
    "replace-method": "{{ ''['..class..'.replace('.', '_')] }}",
    "format-filter": "{{ ''['%s%s'|format('__cla', 'ss__')] }}",
    "percent": "{{ ''['%s%s' % ('__cla', 'ss__')] }}",
    "character-codes": "{{ ''['%c%cclass%c%c'|format(95, 95, 95, 95)] }}",
    "lower": "{{ ''['__CLASS__'|lower] }}",
    "dict-join": "{{ ''[dict(__cla=1, ss__=2)|join] }}",
    "dict-first": "{{ ''[dict(__class__=1)|first] }}",
    "multiplied": "{{ ''['_' * 2 ~ 'class' ~ '_' * 2] }}",
    "format-string": "{{ '{0.__class__.__mro__}'.format(messages) }}",
    "format-map": "{{ '{x.__class__}'.format_map({'x': 1}) }}",
    "format-unknown": "{{ bos_token.format(messages) }}",
    "map-attribute": "{{ [messages]|map(attribute='__class__')|list }}",
    "map-attr": "{{ [messages]|map('attr', '__class__')|list }}",
    "map-built": "{{ [messages]|map(attribute='__cla' ~ 'ss__')|list }}",
    "selectattr": "{{ [messages]|selectattr('__class__')|list }}",
    "groupby": "{{ [messages]|groupby('__class__') }}",
    "sum-attribute": "{{ [messages]|sum(attribute='__class__') }}",
    "join-attribute": "{{ [messages]|join(',', a ~ b) }}",
    "sort-attribute": "{{ [messages]|sort(false, false, a ~ b) }}",
    "map-sum": "{{ [[messages]]|map('sum', a ~ b)|list }}",
    "generator-frame": "{{ (messages|map('upper')).gi_frame.f_globals }}",
    "special-token": "{{ ''[bos_token][eos_token] }}",
    "special-token-call": "{{ messages[bos_token](eos_token) }}",
    "include": "{% include '/etc/passwd' %}",
    "import": "{% import 'os' as os %}",
    "extends": "{% extends '../../secret' %}",
    "request": "{{ request.application.__globals__ }}",
    "call-block": "{% call cycler.__init__.__globals__.os.system('id') %}{% endcall %}",
    "filter-block": "{% filter attr('__class__') %}x{% endfilter %}",
    "do": "{% do cycler.__init__.__globals__.os.system('id') %}",
    "with": "{% with c = '__class__' %}{{ ''[c] }}{% endwith %}",
    "condition": "{% if ''.__class__ %}{% endif %}",
    "in-test": "{{ 1 if ''.__class__ is defined else 2 }}",
    "hidden-deep": "{% for m in messages %}" * 8 + "{{ m.__init__ }}" + "{% endfor %}" * 8,
}

BOMBS: dict[str, str] = {
    "range": "{% for i in range(999999999) %}x{% endfor %}",
    "nested-ranges": "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
    "multiplied-text": "{{ 'A' * 10000000000 }}",
    "power": "{{ 9 ** 999999999 }}",
    "power-tower": "{{ ((9 ** 999) ** 999) ** 999 }}",
    "padding": "{{ 'x'.ljust(9999999999) }}",
    "center": "{{ 'x'|center(9999999999) }}",
    "doubling": "{% set ns = namespace(t='xx') %}{% for i in range(60) %}{% set ns.t = ns.t ~ ns.t %}{% endfor %}{{ ns.t }}",
    "doubling-flat": "{% set t = 'xx' %}" + "{% set t = t ~ t %}" * 40 + "{{ t }}",
    "lipsum": "{{ lipsum(n=999999999) }}",
    "variable-range": "{% set n = 10 ** 9 %}{% for i in range(n) %}x{% endfor %}",
    "format-width": "{{ '%999999999d' % 1 }}",
}
