/* far_object_new: an object made by the process itself, its arguments written and bound like those of a far call, so
 * that there is one way for a class to be constructed. */
#include "object/class.h"

/* Sets the readers of a request at what far_picture_write_call has written. */
static far_status_t read_arguments (const far_writer_t *writer, bool has_keywords, far_request_body_t *out)
{
    far_item_t item;
    far_reader_t in = { writer->out->data, writer->out->data + writer->out->size };
    if (!far_read (&in, &item) || item.type != FAR_TYPE_LIST)
        return far_fail (FAR_E_BAD_ARGUMENTS, "the arguments can't be read");
    out->arguments = in;
    out->argument_count = item.count;
    for (size_t left = item.count; left && has_keywords; left--)
        far_skip (&in);
    if (!has_keywords)
        return FAR_OK;
    if (!far_read (&in, &item) || item.type != FAR_TYPE_MAP)
        return far_fail (FAR_E_BAD_ARGUMENTS, "the keyword arguments can't be read");
    out->keywords = in;
    out->keyword_count = item.count;
    return FAR_OK;
}

static far_status_t write_arguments (far_writer_t *out, const char *picture, far_arguments_t *arguments,
                                     far_request_body_t *request)
{
    bool has_keywords = false;
    const char *results = "";
    far_status_t status = far_picture_write_call (out, picture, arguments, &has_keywords, &results);
    if (!status)
        status = far_writer_status (out);
    if (!status && *results)
        return far_fail (FAR_E_BAD_ARGUMENTS, "an object that is made gives no results: \"%s\"", picture);
    return status ? status : read_arguments (out, has_keywords, request);
}

/* Makes what the call failed with the thread's last error. The place where init raised it would be lost otherwise. */
static void fail_with_call (far_call_t *call, const far_class_t *of, far_status_t status)
{
    far_error_t *error = far_call_settle (call, status);
    if (call->raise_file) {
        far_hop_t hop = { .process = call->host ? call->host->process_name : "",
                          .object = of->name,
                          .method = "init",
                          .file = call->raise_file,
                          .line = call->raise_line };
        far_error_t *placed = far_error_with_hop (error, &hop);
        far_error_release (&error);
        error = placed;
    }
    far_fail_with (error);
}

static far_object_t *construct (far_host_t *host, far_class_table_t *table, far_writer_t *arguments,
                                const far_request_body_t *request)
{
    far_buffer_t buffer = { 0 };
    far_writer_t answer;
    far_call_t call;
    far_writer_init (&answer, &buffer);
    far_call_init (&call, host, (far_process_id_t){ 0 }, &answer);
    call.request = *request;
    call.resolver = far_written_resolver (arguments);
    far_status_t status;
    far_error_t *before = far_last_error_take (); /* has nothing to do with what init may fail with */
    far_object_t *object = far_instance_new (table, &call, &status);
    if (!object)
        fail_with_call (&call, table->of, status);
    else
        far_last_error_put (&before);
    far_error_release (&before);
    far_call_deinit (&call);
    far_writer_deinit (&answer);
    far_buffer_deinit (&buffer);
    return object;
}

far_object_t *far_object_new (far_actor_t *actor, const far_class_t *of, const char *picture, ...)
{
    far_class_table_t *table = far_class_table_of (of);
    if (!table)
        return NULL;
    far_buffer_t buffer = { 0 };
    far_writer_t writer;
    far_request_body_t request = { 0 };
    far_arguments_t arguments;
    far_writer_init (&writer, &buffer);
    va_start (arguments.list, picture);
    far_status_t status = write_arguments (&writer, picture, &arguments, &request);
    va_end (arguments.list);
    far_object_t *object = status ? NULL : construct (actor ? far_actor_host (actor) : NULL, table, &writer, &request);
    far_writer_deinit (&writer);
    far_buffer_deinit (&buffer);
    far_class_table_release (&table);
    return object;
}
