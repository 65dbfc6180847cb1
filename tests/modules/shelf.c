/* What the tests of operators host: objects with the special methods that Python's have. Trace says which of them was
 * called; Shelf is a map from names to values that can change; Number is a number that can't. */
#include <farcall.h>

#include <stdlib.h>
#include <string.h>

/* Each operator with one operand, and each without. */
#define OPERATOR(X, name) X (name) X (r##name) X (i##name)
#define COMPARISONS(X)    X (eq) X (ne) X (lt) X (le) X (gt) X (ge)
#define BINARY(X) \
    OPERATOR (X, add) \
    OPERATOR (X, sub) \
    OPERATOR (X, mul) \
    OPERATOR (X, truediv) \
    OPERATOR (X, floordiv) \
    OPERATOR (X, mod) \
    OPERATOR (X, pow) \
    OPERATOR (X, lshift) \
    OPERATOR (X, rshift) \
    OPERATOR (X, and) \
    OPERATOR (X, or) \
    OPERATOR (X, xor) \
    COMPARISONS (X) X (divmod) X (rdivmod)
#define UNARY(X) X (neg) X (pos) X (abs) X (invert) X (int) X (float) X (hash)

static far_status_t say_binary (far_call_t *call, const char *name)
{
    const far_value_t *operand;
    far_status_t status = far_call_args (call, &operand);
    return status ? status : far_call_return (call, "[sv]", name, operand);
}

#define DEFINE_BINARY(name) \
    static far_status_t trace_##name (far_call_t *call, void *self) \
    { \
        (void)self; \
        return say_binary (call, "__" #name "__"); \
    }
#define DEFINE_UNARY(name) \
    static far_status_t trace_##name (far_call_t *call, void *self) \
    { \
        (void)self; \
        return far_call_return (call, "[s]", "__" #name "__"); \
    }
#define ROW_BINARY(name) { "__" #name "__", trace_##name, "operand:v -> v", NULL },
#define ROW_UNARY(name)  { "__" #name "__", trace_##name, "-> v", NULL },

BINARY (DEFINE_BINARY)
UNARY (DEFINE_UNARY)

static const far_method_t trace_methods[] = { BINARY (ROW_BINARY) UNARY (ROW_UNARY){ 0 } };

static const far_class_t trace_class = { .name = "Trace",
                                         .doc = "Says which operator was used.",
                                         .methods = trace_methods };

typedef struct {
    far_value_t *names[64], *items[64];
    size_t count;
} shelf_t;

static void shelf_fini (void *self)
{
    shelf_t *shelf = self;
    for (size_t i = 0; i < shelf->count; i++) {
        far_value_destroy (&shelf->names[i]);
        far_value_destroy (&shelf->items[i]);
    }
}

static size_t find (const shelf_t *shelf, const far_value_t *name)
{
    size_t i = 0;
    while (i < shelf->count && !far_value_equals (shelf->names[i], name))
        i++;
    return i;
}

static far_status_t key_error (far_call_t *call, const far_value_t *name)
{
    return far_call_fail (call, "KeyError", "%s", (const char *)far_value_bytes (name).data);
}

static far_status_t shelf_get (far_call_t *call, void *self)
{
    const far_value_t *name;
    if (far_call_args (call, &name))
        return far_call_status (call);
    size_t i = find (self, name);
    return i == ((shelf_t *)self)->count ? key_error (call, name)
                                         : far_call_return (call, "v", ((shelf_t *)self)->items[i]);
}

static far_status_t shelf_set (far_call_t *call, void *self)
{
    shelf_t *shelf = self;
    const far_value_t *name, *item;
    if (far_call_args (call, &name, &item))
        return far_call_status (call);
    size_t i = find (shelf, name);
    if (i == sizeof shelf->names / sizeof *shelf->names)
        return far_call_fail (call, "OverflowError", "the shelf is full");
    if (i == shelf->count) {
        shelf->names[i] = far_value_retain (name);
        shelf->items[shelf->count++] = NULL;
    }
    far_value_destroy (&shelf->items[i]);
    shelf->items[i] = far_value_retain (item);
    return FAR_OK;
}

static far_status_t shelf_delete (far_call_t *call, void *self)
{
    shelf_t *shelf = self;
    const far_value_t *name;
    if (far_call_args (call, &name))
        return far_call_status (call);
    size_t i = find (shelf, name);
    if (i == shelf->count)
        return key_error (call, name);
    far_value_destroy (&shelf->names[i]);
    far_value_destroy (&shelf->items[i]);
    shelf->count--;
    shelf->names[i] = shelf->names[shelf->count];
    shelf->items[i] = shelf->items[shelf->count];
    return FAR_OK;
}

static far_status_t shelf_contains (far_call_t *call, void *self)
{
    const far_value_t *name;
    if (far_call_args (call, &name))
        return far_call_status (call);
    return far_call_return (call, "b", find (self, name) < ((shelf_t *)self)->count);
}

static far_status_t shelf_len (far_call_t *call, void *self)
{
    return far_call_return (call, "u", (uint64_t)((shelf_t *)self)->count);
}

static far_status_t shelf_iter (far_call_t *call, void *self)
{
    shelf_t *shelf = self;
    far_value_t *names = far_value_list ();
    for (size_t i = 0; i < shelf->count; i++) {
        far_value_t *name = far_value_retain (shelf->names[i]);
        far_value_append (names, &name);
    }
    far_status_t status = far_call_return (call, "v", names);
    far_value_destroy (&names);
    return status;
}

static far_status_t shelf_str (far_call_t *call, void *self)
{
    return far_call_return (call, "s", ((shelf_t *)self)->count ? "a shelf" : "an empty shelf");
}

/* shelf |= [name, item]: changes it, and says nothing. */
static far_status_t shelf_or (far_call_t *call, void *self)
{
    shelf_t *shelf = self;
    const far_value_t *pair;
    if (far_call_args (call, &pair))
        return far_call_status (call);
    shelf->names[shelf->count] = far_value_retain (far_value_item (pair, 0));
    shelf->items[shelf->count++] = far_value_retain (far_value_item (pair, 1));
    return FAR_OK;
}

static const far_method_t shelf_methods[] = {
    { "__getitem__", shelf_get, "name:v -> v", NULL },
    { "__setitem__", shelf_set, "name:v, item:v", NULL },
    { "__delitem__", shelf_delete, "name:v", NULL },
    { "__contains__", shelf_contains, "name:v -> b", NULL },
    { "__len__", shelf_len, "-> u", NULL },
    { "__iter__", shelf_iter, "-> v", NULL },
    { "__str__", shelf_str, "-> s", NULL },
    { "__ior__", shelf_or, "pair:v", NULL },
    { "__setattr__", shelf_set, "name:v, item:v", "Attributes are items." },
    { "__delattr__", shelf_delete, "name:v", NULL },
    { 0 },
};

static const far_class_t shelf_class = {
    .name = "Shelf",
    .doc = "A map from names to values.",
    .size = sizeof (shelf_t),
    .fini = shelf_fini,
    .methods = shelf_methods,
};

static far_status_t number_init (far_call_t *call, void *self)
{
    return far_call_args (call, (int64_t *)self);
}

static far_status_t number_value (far_call_t *call, void *self)
{
    return far_call_return (call, "l", *(int64_t *)self);
}

/* A new number: this one can't change. */
static far_status_t number_add (far_call_t *call, void *self);

static const far_method_t number_methods[] = { { "__iadd__", number_add, "amount:l -> O", NULL }, { 0 } };

static const far_class_t number_class = {
    .name = "Number",
    .doc = "A number that can't change.",
    .size = sizeof (int64_t),
    .init = number_init,
    .init_takes = "value:l",
    .methods = number_methods,
    .value = number_value,
};

static far_status_t number_add (far_call_t *call, void *self)
{
    int64_t amount;
    if (far_call_args (call, &amount))
        return far_call_status (call);
    far_object_t *sum = far_object_new (far_call_actor (call), &number_class, "l", *(int64_t *)self + amount);
    far_status_t status = sum ? far_call_return (call, "O", sum) : far_last_status ();
    far_object_destroy (&sum);
    return status;
}

static uint64_t most_asked;

/* An iterator that gives one item at a time, and fails after so many. */
static far_status_t feed_init (far_call_t *call, void *self)
{
    return far_call_args (call, (int64_t *)self);
}

static far_status_t feed_next (far_call_t *call, void *self)
{
    int64_t *left = self;
    uint64_t most;
    if (far_call_args (call, &most))
        return far_call_status (call);
    if (most > most_asked)
        most_asked = most;
    if (!*left)
        return far_call_fail (call, "RuntimeError", "the feed broke");
    return far_call_return (call, "[l]", (*left)--);
}

static const far_method_t feed_methods[] = { { "__next__", feed_next, "most:u=1 -> v", NULL }, { 0 } };

static const far_class_t feed_class = {
    .name = "Feed",
    .size = sizeof (int64_t),
    .init = feed_init,
    .init_takes = "count:l",
    .methods = feed_methods,
};

static far_status_t source_iter (far_call_t *call, void *self)
{
    far_object_t *feed = far_object_new (far_call_actor (call), &feed_class, "l", *(int64_t *)self);
    far_status_t status = feed ? far_call_return (call, "O", feed) : far_last_status ();
    far_object_destroy (&feed);
    return status;
}

static const far_method_t source_methods[] = { { "__iter__", source_iter, "-> O", NULL }, { 0 } };

static const far_class_t source_class = {
    .name = "Source",
    .doc = "What can be iterated over until it breaks.",
    .size = sizeof (int64_t),
    .init = feed_init,
    .init_takes = "count:l",
    .methods = source_methods,
};

static far_status_t say_most_asked (far_call_t *call, void *self)
{
    (void)self;
    return far_call_return (call, "u", most_asked);
}

/* What arrived: the type of each argument by name, and, of what came as a proxy, its value. */
static far_status_t types_of (far_call_t *call, void *self)
{
    (void)self;
    const far_value_t *a, *b, *named;
    if (far_call_args (call, &a, &b, &named))
        return far_call_status (call);
    return far_call_return (call, "[sss]", far_type_name (far_value_type (a)), far_type_name (far_value_type (b)),
                            far_type_name (far_value_type (named)));
}

static far_status_t value_of (far_call_t *call, void *self)
{
    (void)self;
    far_proxy_t *proxy;
    far_value_t *value = NULL;
    far_status_t status = far_call_args (call, &proxy);
    if (!status)
        status = far_get_value (proxy, "v", &value);
    if (!status)
        status = far_call_return (call, "v", value);
    far_value_destroy (&value);
    return status;
}

FAR_MODULE (shelf)
{
    far_module_set_doc (module, "What the tests of operators host.");
    far_module_class (module, &trace_class);
    far_module_class (module, &shelf_class);
    far_module_class (module, &number_class);
    far_module_class (module, &source_class);
    far_module_function (module, "types_of", types_of, "a:v, b:v=nil, named:v=nil -> [s]", "The types that arrived.");
    far_module_function (module, "value_of", value_of, "object:P -> v", "Asks what it is given for its value.");
    far_module_function (module, "most_asked", say_most_asked, "-> u", "The largest batch that was asked for.");
    far_module_constant (module, "limit", "i", 64);
}
