"""All checks, sorted by id."""

from weighbridge.checks.agent_autonomy import CHECK as AGENT_AUTONOMY
from weighbridge.checks.archive_anomaly import CHECK as ARCHIVE_ANOMALY
from weighbridge.checks.check import Check
from weighbridge.checks.class_reference import CHECK as CLASS_REFERENCE
from weighbridge.checks.cloud_forwarding import CHECK as CLOUD_FORWARDING
from weighbridge.checks.code_object import CHECK as CODE_OBJECT
from weighbridge.checks.computed_call import CHECK as COMPUTED_CALL
from weighbridge.checks.computed_import import CHECK as COMPUTED_IMPORT
from weighbridge.checks.digest_mismatch import CHECK as DIGEST_MISMATCH
from weighbridge.checks.embedded_code import CHECK as EMBEDDED_CODE
from weighbridge.checks.excess import CHECK as EXCESS
from weighbridge.checks.executable_beside import CHECK as EXECUTABLE_BESIDE
from weighbridge.checks.exposed_key import CHECK as EXPOSED_KEY
from weighbridge.checks.fetched_command import CHECK as FETCHED_COMMAND
from weighbridge.checks.framework_class import CHECK as FRAMEWORK_CLASS
from weighbridge.checks.graph_operator import CHECK as GRAPH_OPERATOR
from weighbridge.checks.hidden_instructions import CHECK as HIDDEN_INSTRUCTIONS
from weighbridge.checks.import_tampering import CHECK as IMPORT_TAMPERING
from weighbridge.checks.known_bad_tool import CHECK as KNOWN_BAD_TOOL
from weighbridge.checks.license_altered import CHECK as LICENSE_ALTERED
from weighbridge.checks.license_disagreement import CHECK as LICENSE_DISAGREEMENT
from weighbridge.checks.license_laundering import CHECK as LICENSE_LAUNDERING
from weighbridge.checks.listener_exposed import CHECK as LISTENER_EXPOSED
from weighbridge.checks.listener_unauthenticated import CHECK as LISTENER_UNAUTHENTICATED
from weighbridge.checks.malformed import CHECK as MALFORMED
from weighbridge.checks.name_mismatch import CHECK as NAME_MISMATCH
from weighbridge.checks.nested_pickle import CHECK as NESTED_PICKLE
from weighbridge.checks.outside_reference import CHECK as OUTSIDE_REFERENCE
from weighbridge.checks.persistent_id import CHECK as PERSISTENT_ID
from weighbridge.checks.pickle_disagreement import CHECK as PICKLE_DISAGREEMENT
from weighbridge.checks.plain_http_tool_server import CHECK as PLAIN_HTTP_TOOL_SERVER
from weighbridge.checks.polyglot import CHECK as POLYGLOT
from weighbridge.checks.quantization_mismatch import CHECK as QUANTIZATION_MISMATCH
from weighbridge.checks.remote_code import CHECK as REMOTE_CODE
from weighbridge.checks.replaceable_hook import CHECK as REPLACEABLE_HOOK
from weighbridge.checks.repository_code import CHECK as REPOSITORY_CODE
from weighbridge.checks.script_operation import CHECK as SCRIPT_OPERATION
from weighbridge.checks.server_tools_enabled import CHECK as SERVER_TOOLS_ENABLED
from weighbridge.checks.template_escape import CHECK as TEMPLATE_ESCAPE
from weighbridge.checks.template_resource import CHECK as TEMPLATE_RESOURCE
from weighbridge.checks.trailing_bytes import CHECK as TRAILING_BYTES
from weighbridge.checks.unexplained_accelerator_load import CHECK as UNEXPLAINED_ACCELERATOR_LOAD
from weighbridge.checks.unknown_class import CHECK as UNKNOWN_CLASS
from weighbridge.checks.unpinned_tool_server import CHECK as UNPINNED_TOOL_SERVER
from weighbridge.checks.unread import CHECK as UNREAD
from weighbridge.checks.unsafe_call import CHECK as UNSAFE_CALL
from weighbridge.checks.unsafe_import import CHECK as UNSAFE_IMPORT

CHECKS: tuple[Check, ...] = (
    AGENT_AUTONOMY,
    ARCHIVE_ANOMALY,
    CLASS_REFERENCE,
    CLOUD_FORWARDING,
    CODE_OBJECT,
    COMPUTED_CALL,
    COMPUTED_IMPORT,
    DIGEST_MISMATCH,
    EMBEDDED_CODE,
    EXCESS,
    EXECUTABLE_BESIDE,
    EXPOSED_KEY,
    FETCHED_COMMAND,
    FRAMEWORK_CLASS,
    GRAPH_OPERATOR,
    HIDDEN_INSTRUCTIONS,
    IMPORT_TAMPERING,
    KNOWN_BAD_TOOL,
    LICENSE_ALTERED,
    LICENSE_DISAGREEMENT,
    LICENSE_LAUNDERING,
    LISTENER_EXPOSED,
    LISTENER_UNAUTHENTICATED,
    MALFORMED,
    NAME_MISMATCH,
    NESTED_PICKLE,
    OUTSIDE_REFERENCE,
    PERSISTENT_ID,
    PICKLE_DISAGREEMENT,
    PLAIN_HTTP_TOOL_SERVER,
    POLYGLOT,
    QUANTIZATION_MISMATCH,
    REMOTE_CODE,
    REPLACEABLE_HOOK,
    REPOSITORY_CODE,
    SCRIPT_OPERATION,
    SERVER_TOOLS_ENABLED,
    TEMPLATE_ESCAPE,
    TEMPLATE_RESOURCE,
    TRAILING_BYTES,
    UNEXPLAINED_ACCELERATOR_LOAD,
    UNKNOWN_CLASS,
    UNPINNED_TOOL_SERVER,
    UNREAD,
    UNSAFE_CALL,
    UNSAFE_IMPORT,
)
