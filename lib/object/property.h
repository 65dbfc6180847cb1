/* Properties of table-driven classes: read, set and deleted through methods, or where they lie in the data. */
#ifndef FAR_OBJECT_PROPERTY_H
#define FAR_OBJECT_PROPERTY_H

#include "object/class.h"

/* What is wrong with a property of a class whose data has so many bytes; setter is what its type was parsed to. A static
 * text, NULL if nothing is. */
const char *far_property_check (const far_property_t *property, const far_signature_t *setter, size_t data_size);

bool far_property_is_settable (const far_property_t *property);

/* The operations of far_object_ops_t on one property of an object. */
far_status_t far_property_get (const far_class_member_t *member, far_object_t *object, void *data, far_call_t *call,
                               far_value_t **out);
far_status_t far_property_set (const far_class_member_t *member, far_object_t *object, void *data, far_reader_t value,
                               far_call_t *call);
far_status_t far_property_del (const far_class_member_t *member, far_object_t *object, void *data, far_call_t *call);

#endif
