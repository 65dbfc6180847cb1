/* Constructing objects of classes: init from the base on, and fini in the other order. An object that the process makes
 * itself, or a base that is made by its derived class, has its arguments written and bound like those of a far call, so
 * that there is one way for a class to be constructed. */
#include "object/construct.h"
#include "object/inner.h"

struct far_building {
    const far_class_table_t *table; /* whose init runs */
    void *data;
    bool has_base; /* the base's init has run */
};

void far_class_fini (const far_class_table_t *table, void *data)
{
    for (; table; table = table->base)
        if (table->of->fini)
            table->of->fini (data);
}

far_status_t far_class_init (const far_class_table_t *table, far_call_t *call, void *data)
{
    far_building_t building = { .table = table->init, .data = data }, *before = call->building;
    call->building = &building;
    far_status_t status = far_call_run (call, &table->init->own_init, data);
    call->building = before;
    if (status && building.has_base)
        far_class_fini (building.table->base, data);
    return status;
}

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

/* The base's init, on arguments that have been written. */
static far_status_t init_base (far_call_t *call, const far_writer_t *arguments, const far_request_body_t *request)
{
    far_building_t *building = call->building;
    far_value_t *nothing = NULL;
    far_inner_t inner;
    far_inner_begin (&inner, call, request);
    inner.call.resolver = far_written_resolver (arguments);
    far_status_t status = far_class_init (building->table->base, &inner.call, building->data);
    building->has_base = !status;
    status = far_inner_end (&inner, status, &nothing);
    far_value_destroy (&nothing);
    return status;
}

static far_status_t check_base (const far_call_t *call)
{
    const far_building_t *building = call->building;
    if (!building || !building->table->base)
        return far_fail (FAR_E_BAD_ARGUMENTS,
                         "there is no base to initialize: this is not the init of a class with one");
    if (building->has_base)
        return far_fail (FAR_E_BAD_ARGUMENTS, "class %s initializes its base twice", building->table->of->name);
    return FAR_OK;
}

far_status_t far_call_init_base (far_call_t *call, const char *picture, ...)
{
    if (check_base (call))
        return far_call_keep_failure (call);
    far_buffer_t buffer = { 0 };
    far_writer_t writer;
    far_request_body_t request = { 0 };
    far_arguments_t arguments;
    far_writer_init (&writer, &buffer);
    va_start (arguments.list, picture);
    far_status_t status = write_arguments (&writer, picture, &arguments, &request);
    va_end (arguments.list);
    status = status ? far_call_keep_failure (call) : init_base (call, &writer, &request);
    far_writer_deinit (&writer);
    far_buffer_deinit (&buffer);
    return status;
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
