/* The printable names of the status codes, which are those of the error kinds in docs/protocol.md, section 7. */
#include <farcall/base.h>

static const char *const names[] = {
    [FAR_OK] = "Ok",
    [FAR_E_RAISED] = "Raised",
    [FAR_E_TIMEOUT] = "Timeout",
    [FAR_E_CANCELLED] = "Cancelled",
    [FAR_E_PEER_DIED] = "PeerDied",
    [FAR_E_BROKER_LOST] = "BrokerLost",
    [FAR_E_NO_SUCH_PROCESS] = "NoSuchProcess",
    [FAR_E_NO_SUCH_MODULE] = "NoSuchModule",
    [FAR_E_NO_SUCH_ATTRIBUTE] = "NoSuchAttribute",
    [FAR_E_NO_WORKER] = "NoWorker",
    [FAR_E_NAME_TAKEN] = "NameTaken",
    [FAR_E_OVERLOADED] = "Overloaded",
    [FAR_E_LIMIT] = "Limit",
    [FAR_E_STALE] = "Stale",
    [FAR_E_BAD_ARGUMENTS] = "BadArguments",
    [FAR_E_NOT_SERIALIZABLE] = "NotSerializable",
    [FAR_E_PROTOCOL_ERROR] = "ProtocolError",
    [FAR_E_DENIED] = "Denied",
    [FAR_E_CLOSED] = "Closed",
    [FAR_E_DEADLOCK] = "Deadlock",
    [FAR_E_NO_MEMORY] = "NoMemory",
    [FAR_E_SYSTEM] = "System",
};

const char *far_status_name (far_status_t status)
{
    size_t index = (size_t)status;
    return index < sizeof names / sizeof *names ? names[index] : "Unknown";
}
