/* A shelf with one book: `shelf.open (name)` of the process `host` gives an object that can be read. Prints nothing, and serves
 * until it is told to leave: promises.c calls it. */
#include <farcall.h>
#include <string.h>

static far_status_t book_read (far_call_t *call, void *self)
{
    (void)self;
    return far_call_return (call, "s", "but the store of words is nearly infinite");
}

static const far_method_t book_methods[] = {
    { "read", book_read, "-> s", "All of it." },
    { 0 },
};

static const far_class_t book_class = { .name = "Book", .doc = "What can be read.", .methods = book_methods };

static far_status_t shelf_open (far_call_t *call, void *self)
{
    (void)self;
    const char *name;
    if (far_call_args (call, &name))
        return far_call_status (call);
    if (strcmp (name, "poem") != 0)
        return far_call_fail (call, "NoBook", "there is no %s here", name);
    far_object_t *book = far_object_new (far_call_actor (call), &book_class, NULL);
    if (!book)
        return far_last_status ();
    far_status_t status = far_call_return (call, "O", book);
    far_object_destroy (&book);
    return status;
}

FAR_MODULE (shelf)
{
    far_module_class (module, &book_class);
    far_module_function (module, "open", shelf_open, "name:s -> O", "The book of this name.");
}

int main (void)
{
    const far_offer_t offers[] = { { "shelf", far_module_shelf }, { 0 } };
    far_actor_options_t options = { .name = "host", .offers = offers };
    far_actor_t *me = far_actor_open (&options);
    if (!me)
        return far_print_error ("promises_host");
    far_actor_wait_closed (me, FAR_FOREVER);
    far_actor_destroy (&me);
    return 0;
}
