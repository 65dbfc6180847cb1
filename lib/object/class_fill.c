/* Filling the table of a class: everything that the class says is checked here, once, so that nothing else has to. What
 * is wrong is said with the names of the class and the member, and the place in its signature. */
#include "object/class.h"
#include "object/property.h"
#include "base/operator.h"
#include "wire/literal.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool far_is_name (const char *name, size_t size)
{
    if (!size || isdigit ((unsigned char)name[0]))
        return false;
    for (size_t i = 0; i < size; i++)
        if (!isalnum ((unsigned char)name[i]) && name[i] != '_')
            return false;
    return true;
}

static bool refuse (const far_class_t *of, const char *what, const char *name, const char *why)
{
    far_fail (FAR_E_BAD_ARGUMENTS, "class %s, %s %s: %s", of->name, what, name, why);
    return false;
}

static bool callee_init (far_callee_t *out, const far_class_t *of, const char *what, const char *name,
                         far_method_fn *does, const char *signature)
{
    *out = (far_callee_t){ .object = of->name, .method = name, .does = does };
    out->signature = far_signature_new (signature);
    return out->signature || refuse (of, what, name, far_error_message (far_last_error ()));
}

static void callee_deinit (far_callee_t *callee)
{
    far_signature_t *signature = (far_signature_t *)callee->signature; /* const for those who only run it */
    far_signature_destroy (&signature);
    callee->signature = NULL;
}

/* The next of the class's own members. */
static far_class_member_t *add (far_class_table_t *self, far_class_member_kind_t kind, const char *what,
                                const char *name, const char *doc)
{
    if (!far_is_name (name, strlen (name))) {
        far_fail (FAR_E_BAD_ARGUMENTS, "class %s: '%s' is no name for a %s", self->of->name, name, what);
        return NULL;
    }
    far_class_member_t *member = &self->own[self->own_count++];
    *member =
        (far_class_member_t){ .kind = kind, .name = { name, strlen (name) }, .of = self->of, .doc = doc ? doc : "" };
    return member;
}

/* What an operator is given, where it is not what its kind says. */
static size_t operands (far_operator_t of)
{
    if (of == FAR_SETITEM || of == FAR_SETATTR)
        return 2;
    return far_operator_row (of)->kind == FAR_OPERATOR_UNARY ? 0 : 1;
}

/* Can it be called with so many arguments? */
static bool takes (const far_signature_t *signature, size_t count)
{
    return count <= signature->count && (count == signature->count || signature->parameters[count].fallback);
}

static bool check_operands (const far_class_t *of, far_operator_t op, const far_signature_t *signature)
{
    static const char *const says[] = { "it is given no operand", "it is given one operand",
                                        "it is given two operands" };
    size_t count = operands (op);
    if (op == FAR_INVOKE || takes (signature, count) || (op == FAR_NEXT && takes (signature, 1)))
        return true;
    return refuse (of, "operator", far_operator_name (op), says[count]);
}

static bool add_callable (far_class_table_t *self, const char *what, const far_method_t *method)
{
    const char *name = method->name;
    far_operator_t op = far_operator_find (name, strlen (name));
    bool is_operator = op != FAR_OPERATOR_COUNT;
    far_class_member_t *member =
        add (self, is_operator ? FAR_CLASS_OPERATOR : FAR_CLASS_METHOD, what, name, method->doc);
    if (!member)
        return false;
    if (!method->does)
        return refuse (self->of, what, name, "there is no function");
    member->signature = method->signature ? method->signature : "";
    return callee_init (&member->callee, self->of, what, name, method->does, method->signature) &&
           (!is_operator || check_operands (self->of, op, member->callee.signature));
}

static bool add_operator (far_class_table_t *self, const far_operation_t *operation)
{
    const char *name = far_operator_name (operation->of);
    if (!*name)
        return refuse (self->of, "operator", "?", "there is no such operator");
    return add_callable (self, "operator",
                         &(far_method_t){ name, operation->does, operation->signature, operation->doc });
}

static bool add_property (far_class_table_t *self, const far_property_t *property)
{
    const far_class_t *of = self->of;
    far_class_member_t *member = add (self, FAR_CLASS_PROPERTY, "property", property->name, property->doc);
    if (!member)
        return false;
    member->property = property;
    char *takes_value = NULL;
    if (asprintf (&takes_value, "value:%s", property->type ? property->type : "") < 0)
        return refuse (of, "property", property->name, "no memory");
    bool fine = callee_init (&member->setter, of, "property", property->name, property->set, takes_value) &&
                callee_init (&member->callee, of, "property", property->name, property->get, NULL) &&
                callee_init (&member->deleter, of, "property", property->name, property->del, NULL);
    free (takes_value);
    const char *why = fine ? far_property_check (property, member->setter.signature, of->size) : NULL;
    return fine && (!why || refuse (of, "property", property->name, why));
}

static bool add_constant (far_class_table_t *self, const far_constant_t *constant)
{
    const char *text = constant->value ? constant->value : "", *why = "there is no memory for it";
    far_class_member_t *member = add (self, FAR_CLASS_CONSTANT, "constant", constant->name, constant->doc);
    if (!member)
        return false;
    far_buffer_t buffer = { 0 };
    far_writer_t writer;
    far_writer_init (&writer, &buffer);
    size_t size = far_literal_write (&writer, text, &why);
    if (size && text[size])
        why = "more than one value is written";
    else if (size && !far_writer_status (&writer))
        member->value = far_written_value (&writer, 0);
    far_writer_deinit (&writer);
    far_buffer_deinit (&buffer);
    return member->value || refuse (self->of, "constant", constant->name, why);
}

static size_t count_own (const far_class_t *of)
{
    size_t count = 0;
    for (const far_method_t *method = of->methods; method && method->name; method++)
        count++;
    for (const far_operation_t *operation = of->operators; operation && operation->does; operation++)
        count++;
    for (const far_property_t *property = of->properties; property && property->name; property++)
        count++;
    for (const far_constant_t *constant = of->constants; constant && constant->name; constant++)
        count++;
    return count;
}

static bool add_own (far_class_table_t *self)
{
    const far_class_t *of = self->of;
    bool fine = true;
    for (const far_method_t *method = of->methods; fine && method && method->name; method++)
        fine = add_callable (self, "method", method);
    for (const far_property_t *property = of->properties; fine && property && property->name; property++)
        fine = add_property (self, property);
    for (const far_operation_t *operation = of->operators; fine && operation && operation->does; operation++)
        fine = add_operator (self, operation);
    for (const far_constant_t *constant = of->constants; fine && constant && constant->name; constant++)
        fine = add_constant (self, constant);
    return fine;
}

static int compare_members (const void *a, const void *b)
{
    return strcmp ((*(const far_class_member_t *const *)a)->name.data,
                   (*(const far_class_member_t *const *)b)->name.data);
}

/* Sorted and without names that are there twice; then the base's are added which the class has not itself. */
static bool index_members (far_class_table_t *self)
{
    size_t own_count = self->own_count;
    for (size_t i = 0; i < own_count; i++)
        self->members[i] = &self->own[i];
    qsort (self->members, own_count, sizeof *self->members, compare_members);
    self->count = own_count;
    for (size_t i = 1; i < own_count; i++)
        if (!compare_members (&self->members[i - 1], &self->members[i])) {
            far_fail (FAR_E_BAD_ARGUMENTS, "class %s: %s is there twice", self->of->name, self->members[i]->name.data);
            return false;
        }
    size_t inherited = 0;
    for (size_t i = 0; self->base && i < self->base->count; i++)
        if (!far_class_table_find (self, self->base->members[i]->name))
            self->members[own_count + inherited++] = self->base->members[i];
    self->count += inherited;
    qsort (self->members, self->count, sizeof *self->members, compare_members);
    return true;
}

static bool check_class (const far_class_t *of)
{
    if (!of->name || !far_is_name (of->name, strlen (of->name))) {
        far_fail (FAR_E_BAD_ARGUMENTS, "'%s' is no name for a class", of->name ? of->name : "");
        return false;
    }
    if (of->base && of->size < of->base->size)
        return refuse (of, "base", of->base->name, "its data is larger, and has to be the first part of this one's");
    return true;
}

bool far_class_table_fill (far_class_table_t *self, const far_class_t *of, far_class_table_t *base)
{
    if (!check_class (of))
        return false;
    size_t own = count_own (of), all = own + (base ? base->count : 0);
    self->of = of;
    self->base = base;
    self->own = calloc (own ? own : 1, sizeof *self->own);
    self->members = calloc (all ? all : 1, sizeof *self->members);
    if (!self->own || !self->members) {
        far_fail (FAR_E_NO_MEMORY, "no memory for class %s", of->name);
        return false;
    }
    self->init = base && !of->init && !of->init_takes ? base->init : self;
    self->value = base && !of->value ? base->value : &self->own_value;
    return callee_init (&self->own_init, of, "method", "init", of->init, of->init_takes) &&
           callee_init (&self->own_value, of, "method", "value", of->value, NULL) && add_own (self) &&
           index_members (self);
}

void far_class_table_clear (far_class_table_t *self)
{
    callee_deinit (&self->own_init);
    callee_deinit (&self->own_value);
    for (size_t i = 0; i < self->own_count; i++) {
        callee_deinit (&self->own[i].callee);
        callee_deinit (&self->own[i].setter);
        callee_deinit (&self->own[i].deleter);
        far_value_destroy (&self->own[i].value);
    }
    free (self->own);
    free (self->members);
}
