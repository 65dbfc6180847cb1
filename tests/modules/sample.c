/* What the tests of the programs host: every type, every way to fail, and texts that no terminal should see. */
#include <farcall.h>

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static far_status_t echo (far_call_t *call, void *self)
{
    (void)self;
    const far_value_t *value;
    if (far_call_args (call, &value))
        return far_call_status (call);
    return far_call_return (call, "v", value);
}

static far_status_t join (far_call_t *call, void *self)
{
    (void)self;
    bool really;
    const char *text;
    double number;
    const far_value_t *list, *map;
    if (far_call_args (call, &text, &really, &number, &list, &map))
        return far_call_status (call);
    return far_call_return (call, "[sbfvv]", text, really, number, list, map);
}

static far_status_t fail (far_call_t *call, void *self)
{
    (void)self;
    const char *message;
    if (far_call_args (call, &message))
        return far_call_status (call);
    return far_call_fail (call, "SampleError", "%s", message);
}

static far_status_t until_cancelled (far_call_t *call, void *self)
{
    (void)self;
    static const struct timespec pause = { .tv_nsec = 1000000 };
    while (!far_call_cancelled (call))
        nanosleep (&pause, NULL);
    return far_call_fail (call, "GaveUp", "cancelled");
}

static far_status_t die (far_call_t *call, void *self)
{
    (void)call, (void)self;
    _exit (7);
}

static far_status_t rude (far_call_t *call, void *self)
{
    (void)self;
    return far_call_return (call, "s", "\033]0;owned\a \302\23331m \u202e\177");
}

static const far_method_t thing_methods[] = {
    { "poke", echo, "value:v=nil -> v", "Gives it back." },
    { 0 },
};

static const far_class_t thing = {
    .name = "Thing",
    .doc = "Something to hold.",
    .size = 1,
    .init_takes = "of:v=nil",
    .methods = thing_methods,
};

typedef struct special {
    char base; /* the data of Thing */
    char *label;
    int64_t level;
} special_t;

static void special_fini (void *self)
{
    free (((special_t *)self)->label);
}

static const far_property_t special_properties[] = {
    { "label", "s=nil", "What it is called.", FAR_FIELD (special_t, label) },
    { "level", "l", "How high.", FAR_FIELD_READ_ONLY (special_t, level) },
    { 0 },
};

static const far_operation_t special_operators[] = {
    { FAR_ADD, echo, "other:v -> v", "Gives it back." },
    { FAR_LEN, echo, "value:v=0 -> v", "Nothing." },
    { FAR_INVOKE, echo, "value:v -> v", NULL },
    { 0 },
};

static const far_constant_t special_constants[] = { { "MOST", "1000", "The most." }, { 0 } };

static const far_class_t special = {
    .name = "Special",
    .doc = "More than a thing.",
    .size = sizeof (special_t),
    .fini = special_fini,
    .properties = special_properties,
    .operators = special_operators,
    .constants = special_constants,
    .base = &thing,
};

static far_status_t caused (far_call_t *call, void *self)
{
    (void)self;
    far_object_t *made = far_object_new (far_call_actor (call), &thing, "nn", 0, 0);
    return made ? FAR_OK : far_call_fail (call, "SampleError", "nothing was made");
}

FAR_MODULE (sample)
{
    far_module_set_doc (module, "Every type \u6f22\u5b57.");
    far_module_function (module, "echo", echo, "value:v -> v", "What it is given.");
    far_module_function (module, "join", join,
                         "text:s='a, b -> c', really:b=true, number:f=0.5, list:[l]=nil, map:{sv}=nil -> v",
                         "All of them.");
    far_module_function (module, "fail", fail, "message:s", "Fails.");
    far_module_function (module, "caused", caused, NULL, "Fails because something else does.");
    far_module_function (module, "until_cancelled", until_cancelled, "", "Runs until it is cancelled.");
    far_module_function (module, "die", die, NULL, "Ends the process at once.");
    far_module_function (module, "rude", rude, "-> s", "Takes over\033[2J the terminal.");
    far_module_class (module, &thing);
    far_module_class (module, &special);
    far_module_constant (module, "answer", "i", 42);
    far_module_constant (module, "label", "s", "one\ntwo");
    far_module_t *inner = far_module_submodule (module, "inner", "A module inside.");
    far_module_function (inner, "echo", echo, "value:v -> v", "What it is given.");
}
