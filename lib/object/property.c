/* Properties. A property has methods, which run as any method does, or is a field: then its value is read and stored here,
 * by the letter of its type. Owns a lock: on a pool of threads a text could else be freed while another thread reads it.
 */
#include "object/property.h"
#include "object/inner.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Held for the time of one copy. */
static pthread_mutex_t field_lock = PTHREAD_MUTEX_INITIALIZER;

/* The types that a field can have, and the sizes that they have in C. */
static const struct field_type {
    char letter;
    size_t size;
} field_types[] = {
    { 'b', sizeof (bool) },   { 'i', sizeof (int) },    { 'l', sizeof (int64_t) },         { 'u', sizeof (uint64_t) },
    { 'f', sizeof (double) }, { 's', sizeof (char *) }, { 't', sizeof (struct timespec) },
};

static const char *check_field (const far_property_t *property, size_t data_size)
{
    const far_place_t *field = &property->field;
    if (field->offset + field->size > data_size)
        return "the field lies behind the data of the class";
    for (size_t i = 0; i < sizeof field_types / sizeof *field_types; i++)
        if (field_types[i].letter == property->type[0])
            return field_types[i].size == field->size ? NULL : "the field's size is not that of its type";
    return "a field's type is one of b i l u f s t";
}

const char *far_property_check (const far_property_t *property, const far_signature_t *setter, size_t data_size)
{
    if (setter->count != 1 || (setter->parameters[0].fallback && !setter->parameters[0].takes_nil))
        return "its type is one shape, behind which may stand '=nil'";
    if (property->get && property->field.size)
        return "there are a getter and a field";
    if (!property->get && !property->field.size)
        return "there is neither a getter nor a field";
    return property->field.size ? check_field (property, data_size) : NULL;
}

bool far_property_is_settable (const far_property_t *property)
{
    return property->set || (property->field.size && !property->field.read_only);
}

static far_value_t *read_field (char letter, const void *field)
{
    switch (letter) {
    case 'b':
        return far_value_new ("b", *(const bool *)field);
    case 'i':
        return far_value_new ("i", *(const int *)field);
    case 'l':
        return far_value_new ("l", *(const int64_t *)field);
    case 'u':
        return far_value_new ("u", *(const uint64_t *)field);
    case 'f':
        return far_value_new ("f", *(const double *)field);
    case 't':
        return far_value_new ("t", field);
    default:
        return far_value_new ("s", *(char *const *)field);
    }
}

far_status_t far_property_get (const far_class_member_t *member, far_object_t *object, void *data, far_call_t *call,
                               far_value_t **out)
{
    if (!member->callee.does) {
        const far_place_t *field = &member->property->field;
        pthread_mutex_lock (&field_lock);
        far_value_t *value = read_field (member->property->type[0], (const char *)data + field->offset);
        pthread_mutex_unlock (&field_lock);
        if (!value)
            return far_last_status ();
        *out = value;
        return FAR_OK;
    }
    if (!call)
        return far_fail (FAR_E_BAD_ARGUMENTS, "%s.%s is made by a method, which can't run here", member->of->name,
                         member->name.data);
    far_inner_t inner;
    far_inner_begin (&inner, call, NULL);
    inner.call.object = object;
    return far_inner_end (&inner, far_call_run (&inner.call, &member->callee, data), out);
}

static far_status_t store_text (char **field, const far_item_t *item)
{
    char *text = NULL;
    if (item->type == FAR_TYPE_STRING) {
        text = strndup (item->text.data, item->text.size);
        if (!text)
            return far_fail (FAR_E_NO_MEMORY, "no memory for a text");
    }
    pthread_mutex_lock (&field_lock);
    char *before = *field;
    *field = text;
    pthread_mutex_unlock (&field_lock);
    free (before);
    return FAR_OK;
}

static far_status_t store_field (const far_class_member_t *member, void *data, const far_request_body_t *request)
{
    void *field = (char *)data + member->property->field.offset;
    char letter = member->property->type[0];
    far_reader_t bound;
    far_item_t item;
    far_status_t status = far_signature_bind (member->setter.signature, member->name.data, request, &bound);
    if (status)
        return status;
    if (!far_read (&bound, &item))
        return far_fail (FAR_E_PROTOCOL_ERROR, "the value can't be read");
    if (letter == 's')
        return store_text (field, &item);
    pthread_mutex_lock (&field_lock);
    far_scalar_store (letter, &item, field);
    pthread_mutex_unlock (&field_lock);
    return FAR_OK;
}

/* Runs a setter or deleter. What it answers is not what is answered. */
static far_status_t run (far_call_t *call, const far_callee_t *callee, far_object_t *object, void *data,
                         const far_request_body_t *request)
{
    far_request_body_t before = call->request;
    call->request = *request;
    call->object = object;
    far_status_t status = far_call_run (call, callee, data);
    call->request = before;
    return status ? status : far_call_answer_value (call, NULL);
}

static far_status_t refuse (const far_class_member_t *member, const char *what)
{
    return far_fail (FAR_E_BAD_ARGUMENTS, "%s.%s can't be %s", member->of->name, member->name.data, what);
}

far_status_t far_property_set (const far_class_member_t *member, far_object_t *object, void *data, far_reader_t value,
                               far_call_t *call)
{
    far_request_body_t request = { .arguments = value, .argument_count = 1 };
    if (!far_property_is_settable (member->property))
        return refuse (member, "set");
    return member->setter.does ? run (call, &member->setter, object, data, &request)
                               : store_field (member, data, &request);
}

far_status_t far_property_del (const far_class_member_t *member, far_object_t *object, void *data, far_call_t *call)
{
    static const far_request_body_t nothing;
    return member->deleter.does ? run (call, &member->deleter, object, data, &nothing) : refuse (member, "deleted");
}
