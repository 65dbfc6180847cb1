/* What the flow test of classes hosts: a class with everything that a class can have, its base, an iterator that is a
 * class, modules inside modules, and methods that answer with what can't be sent. */
#include <farcall.h>

#include <stdlib.h>
#include <string.h>

enum { SHELF_MOST = 8 };

typedef struct furniture {
    char *label; /* owned */
    double height;
} furniture_t;

typedef struct shelf {
    furniture_t base;
    char *books[SHELF_MOST]; /* owned */
    int64_t count;
    char *owner; /* owned; NULL: nobody */
} shelf_t;

static int64_t sorted_calls;

static far_status_t furniture_init (far_call_t *call, void *self)
{
    return far_call_args (call, &((furniture_t *)self)->height);
}

static void furniture_fini (void *self)
{
    free (((furniture_t *)self)->label);
}

static far_status_t furniture_describe (far_call_t *call, void *self)
{
    return far_call_return (call, "s", ((furniture_t *)self)->height > 1 ? "high" : "low");
}

static const far_method_t furniture_methods[] = {
    { "describe", furniture_describe, "-> s", "How high it is." },
    { "kind", furniture_describe, "-> s", "As describe." },
    { 0 },
};

static const far_property_t furniture_properties[] = {
    { "label", "s=nil", "What stands on it.", FAR_FIELD (furniture_t, label) },
    { "height", "f", "In metres.", FAR_FIELD_READ_ONLY (furniture_t, height) },
    { 0 },
};

static const far_constant_t furniture_constants[] = { { "MATERIAL", "'oak'", "" }, { 0 } };

static const far_class_t furniture_class = {
    .name = "Furniture",
    .doc = "What stands in a room.",
    .size = sizeof (furniture_t),
    .init = furniture_init,
    .init_takes = "height:f=0.5",
    .fini = furniture_fini,
    .methods = furniture_methods,
    .properties = furniture_properties,
    .constants = furniture_constants,
};

static far_status_t shelf_init (far_call_t *call, void *self)
{
    (void)self;
    double height;
    if (far_call_args (call, &height))
        return far_call_status (call);
    return far_call_init_base (call, "f", height);
}

static void shelf_fini (void *self)
{
    shelf_t *shelf = self;
    for (int64_t i = 0; i < shelf->count; i++)
        free (shelf->books[i]);
    free (shelf->owner);
}

static far_status_t put (far_call_t *call, shelf_t *shelf, const char *book)
{
    if (shelf->count == SHELF_MOST)
        return far_call_fail (call, "FullError", "there is no room for %s", book);
    shelf->books[shelf->count++] = strdup (book);
    return FAR_OK;
}

static far_status_t shelf_add (far_call_t *call, void *self)
{
    const char *book;
    return far_call_args (call, &book) ? far_call_status (call) : put (call, self, book);
}

static char **find (shelf_t *shelf, int64_t place)
{
    return place >= 0 && place < shelf->count ? &shelf->books[place] : NULL;
}

static far_status_t shelf_getitem (far_call_t *call, void *self)
{
    int64_t place;
    if (far_call_args (call, &place))
        return far_call_status (call);
    char **book = find (self, place);
    return book ? far_call_return (call, "s", *book) : far_call_fail (call, "IndexError", "no book there");
}

static far_status_t shelf_setitem (far_call_t *call, void *self)
{
    int64_t place;
    const char *text;
    if (far_call_args (call, &place, &text))
        return far_call_status (call);
    char **book = find (self, place);
    if (!book)
        return far_call_fail (call, "IndexError", "no book there");
    free (*book);
    *book = strdup (text);
    return FAR_OK;
}

static far_status_t shelf_delitem (far_call_t *call, void *self)
{
    shelf_t *shelf = self;
    int64_t place;
    if (far_call_args (call, &place))
        return far_call_status (call);
    char **book = find (self, place);
    if (!book)
        return far_call_fail (call, "IndexError", "no book there");
    free (*book);
    *book = shelf->books[--shelf->count];
    return FAR_OK;
}

static far_status_t shelf_len (far_call_t *call, void *self)
{
    return far_call_return (call, "l", ((shelf_t *)self)->count);
}

static far_status_t shelf_value (far_call_t *call, void *self)
{
    shelf_t *shelf = self;
    far_value_t *list = far_value_list ();
    for (int64_t i = 0; i < shelf->count; i++) {
        far_value_t *book = far_value_new ("s", shelf->books[i]);
        far_value_append (list, &book);
    }
    far_status_t status = far_call_return (call, "v", list);
    far_value_destroy (&list);
    return status;
}

static const far_class_t shelf_class;

/* Another shelf, with one book more. */
static far_status_t shelf_plus (far_call_t *call, void *self)
{
    shelf_t *shelf = self;
    const char *book;
    if (far_call_args (call, &book))
        return far_call_status (call);
    far_object_t *sum = far_object_new (far_call_actor (call), &shelf_class, "f", shelf->base.height);
    if (!sum)
        return far_last_status ();
    far_status_t status = FAR_OK;
    for (int64_t i = 0; !status && i < shelf->count; i++)
        status = put (call, far_object_data (sum), shelf->books[i]);
    if (!status)
        status = put (call, far_object_data (sum), book);
    if (!status)
        status = far_call_return (call, "O", sum);
    far_object_destroy (&sum);
    return status;
}

static far_status_t shelf_owner (far_call_t *call, void *self)
{
    shelf_t *shelf = self;
    return shelf->owner ? far_call_return (call, "s", shelf->owner)
                        : far_call_fail (call, "NobodyError", "it belongs to nobody");
}

static far_status_t shelf_set_owner (far_call_t *call, void *self)
{
    shelf_t *shelf = self;
    const char *owner;
    if (far_call_args (call, &owner))
        return far_call_status (call);
    if (!*owner)
        return far_call_fail (call, "ValueError", "a name is not empty");
    free (shelf->owner);
    shelf->owner = strdup (owner);
    return FAR_OK;
}

static far_status_t shelf_delete_owner (far_call_t *call, void *self)
{
    (void)call;
    shelf_t *shelf = self;
    free (shelf->owner);
    shelf->owner = NULL;
    return FAR_OK;
}

static far_status_t shelf_kind (far_call_t *call, void *self)
{
    (void)self;
    return far_call_return (call, "s", "shelf");
}

static const far_method_t shelf_methods[] = {
    { "add", shelf_add, "book:s", "Puts a book on it." },
    { "kind", shelf_kind, "-> s", "What it is." },
    { 0 },
};

static const far_property_t shelf_properties[] = {
    { "count", "l", "How many books.", FAR_FIELD_READ_ONLY (shelf_t, count) },
    { "owner", "s", "Whose it is.", .get = shelf_owner, .set = shelf_set_owner, .del = shelf_delete_owner },
    { 0 },
};

static const far_operation_t shelf_operators[] = {
    { FAR_GETITEM, shelf_getitem, "place:l -> s", "The book there." },
    { FAR_SETITEM, shelf_setitem, "place:l, book:s", "Another book there." },
    { FAR_DELITEM, shelf_delitem, "place:l", "No book there." },
    { FAR_LEN, shelf_len, "-> l", "How many books." },
    { FAR_ITER, shelf_value, "-> v", "Its books." },
    { FAR_ADD, shelf_plus, "book:s -> O", "Another shelf, with this book too." },
    { FAR_IADD, shelf_add, "book:s -> O", "This shelf, with this book too." },
    { 0 },
};

static const far_constant_t shelf_constants[] = { { "MOST", "8", "The most books." }, { 0 } };

static const far_class_t shelf_class = {
    .name = "Shelf",
    .doc = "Books, one beside the other.",
    .size = sizeof (shelf_t),
    .init = shelf_init,
    .init_takes = "height:f=2",
    .fini = shelf_fini,
    .methods = shelf_methods,
    .value = shelf_value,
    .properties = shelf_properties,
    .operators = shelf_operators,
    .constants = shelf_constants,
    .base = &furniture_class,
};

/* An iterator that is a class: the numbers up to one, and then an error if that is odd. */
typedef struct numbers {
    int64_t next, end;
} numbers_t;

static far_status_t numbers_init (far_call_t *call, void *self)
{
    return far_call_args (call, &((numbers_t *)self)->end);
}

static far_status_t numbers_iter (far_call_t *call, void *self)
{
    (void)self;
    return far_call_return (call, "O", far_call_object (call));
}

static far_status_t numbers_next (far_call_t *call, void *self)
{
    numbers_t *numbers = self;
    uint64_t most;
    if (far_call_args (call, &most))
        return far_call_status (call);
    if (numbers->next == numbers->end && numbers->end % 2)
        return far_call_fail (call, "OddError", "%d is odd", (int)numbers->end);
    far_value_t *list = far_value_list ();
    for (; most && numbers->next < numbers->end; most--) {
        far_value_t *item = far_value_new ("l", numbers->next++);
        far_value_append (list, &item);
    }
    far_status_t status = far_call_return (call, "v", list);
    far_value_destroy (&list);
    return status;
}

static const far_operation_t numbers_operators[] = { { FAR_ITER, numbers_iter, "-> O", "" },
                                                     { FAR_NEXT, numbers_next, "most:u=1 -> [l]", "" },
                                                     { 0 } };

static const far_class_t numbers_class = {
    .name = "Numbers",
    .size = sizeof (numbers_t),
    .init = numbers_init,
    .init_takes = "end:l",
    .operators = numbers_operators,
};

static far_status_t sorted (far_call_t *call, void *self)
{
    (void)self;
    const char *by;
    bool down;
    const far_value_t *only;
    sorted_calls++;
    if (far_call_args (call, &by, &down, &only))
        return far_call_status (call);
    return far_call_return (call, "[sbv]", by, down, only);
}

static far_status_t calls (far_call_t *call, void *self)
{
    (void)self;
    return far_call_return (call, "l", sorted_calls);
}

static far_status_t bad_text (far_call_t *call, void *self)
{
    (void)self;
    return far_call_return (call, "[ss]", "fine", "\xff\xfe");
}

static far_status_t bad_error (far_call_t *call, void *self)
{
    (void)self;
    return far_call_fail (call,
                          "Bad\xff"
                          "Error",
                          "it said \xff\xfe, and left");
}

FAR_MODULE (library)
{
    far_module_set_doc (module, "Shelves, and what is on them.");
    far_module_class (module, &furniture_class);
    far_module_class (module, &shelf_class);
    far_module_class (module, &numbers_class);
    far_module_function (module, "sorted", sorted, "by:s, down:b=false, only:[l]=nil -> v", "What it is given.");
    far_module_function (module, "calls", calls, "-> l", "How often sorted was called.");
    far_module_function (module, "bad_text", bad_text, "-> v", "Answers with what is no text.");
    far_module_function (module, "bad_error", bad_error, "", "Fails with what is no text.");
    far_module_constant (module, "city", "s", "Alexandria");
    far_module_t *inner = far_module_submodule (module, "rooms", "Rooms.");
    far_module_t *attic = far_module_submodule (inner, "attic", "The highest.");
    far_module_constant (inner, "name", "s", "rooms");
    far_module_constant (attic, "name", "s", "attic");
}
