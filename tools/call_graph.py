"""Read which function calls which in a tree of Python files, without importing or running any of it.

A call is resolved by imports, by the annotations of parameters, attributes and results, by what a name was assigned,
and otherwise by a method's name where only one class of the tree has it. A function that is handed on to another call
(`pool.run(decode, data)`) counts as called there. What is chosen while the program runs (a table of handlers, a
protocol with several classes) is not followed, and neither are making an object and reading a property: nothing goes
anywhere by them.
"""

import ast
import builtins
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
Names: TypeAlias = frozenset[str]
# What travels with an update and is not made of it.
TOOLS = {"services", "words", "person", "session", "db", "pool", "bot", "consented", "settings"}
# Methods that built-in types have, too: their names alone do not tell whose they are.
_COMMON = {name for kind in vars(builtins).values() if isinstance(kind, type) for name in dir(kind)}


@dataclass(frozen=True, eq=False)
class Module:
    """Hold a file's syntax tree, its own definitions, and what its imported names stand for."""

    name: str
    tree: ast.Module
    is_package: bool
    names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Function:
    """Hold a function or method, and the class that it belongs to (an empty name where there is none)."""

    name: str
    node: FunctionNode
    module: Module
    owner: str = ""


@dataclass(frozen=True, eq=False)
class Class:
    """Hold a class: its bases, its methods by name, and the function and expression that type each attribute."""

    name: str
    module: Module
    bases: list[ast.expr]
    methods: dict[str, Function] = field(default_factory=dict)
    attributes: dict[str, tuple[Function | None, ast.expr]] = field(default_factory=dict)


class CallGraph:
    """Read the packages of a tree; `calls` then tells which functions a function calls, in their order."""

    def __init__(self, root: Path, packages: Iterable[str]) -> None:
        self.modules: dict[str, Module] = {}
        self.functions: dict[str, Function] = {}
        self.classes: dict[str, Class] = {}
        self._by_method: dict[str, list[Function]] = defaultdict(list)
        self._scopes: dict[str, dict[str, str]] = {}
        for package in packages:
            for path in sorted((root / package).rglob("*.py")):
                self._read(path, path.relative_to(root))
        for class_ in self.classes.values():
            for name, method in class_.methods.items():
                self._by_method[name].append(method)

    @cached_property
    def _imported_packages(self) -> dict[str, set[str]]:
        """Return for each package the other packages of the tree that its modules import."""
        found: dict[str, set[str]] = {_package(name): set() for name in self.modules}
        for module in self.modules.values():
            found[_package(module.name)].update(map(_package, module.names.values()))
        return {package: (others & found.keys()) - {package} for package, others in found.items()}

    def calls(self, function: Function) -> list[Function]:
        """Return the functions that a function calls or hands on, in the order of the source."""
        found: list[Function] = []
        _CallVisitor(self, function, found).visit_body()
        return found

    def handed_on(self, function: Function, carried: Names) -> list[tuple[Function, Names]]:
        """Return the functions to which a function hands a value on, each with the parameters that then hold it.

        `carried` are the function's own parameters that hold the value. What is made of it holds it too: whatever an
        expression is assigned to that names it. Of an object that holds it, the attributes in TOOLS do not.
        """
        found: list[tuple[Function, Names]] = []
        _ValueVisitor(self, function, carried, found).visit_body()
        return found

    # Reading -----------------------------------------------------------------------------------------------------

    def _read(self, path: Path, place: Path) -> None:
        parts = place.with_suffix("").parts
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        module = Module(name, ast.parse(path.read_bytes()), is_package)
        self.modules[name] = module
        for node in ast.walk(module.tree):
            self._read_import(module, node)
        for statement in module.tree.body:
            self._read_definition(module, statement)

    def _read_import(self, module: Module, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                whole = alias.name if alias.asname else alias.name.partition(".")[0]
                module.names[alias.asname or whole] = whole
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = module.name.split(".")[
                    : None if module.is_package and node.level == 1 else -node.level
                ]
                base = ".".join([*above, *filter(None, [node.module])])
            for alias in node.names:
                module.names[alias.asname or alias.name] = f"{base}.{alias.name}"

    def _read_definition(self, module: Module, statement: ast.stmt) -> None:
        if isinstance(statement, FunctionNode):
            name = f"{module.name}.{statement.name}"
            self.functions[name] = Function(name, statement, module)
            module.names[statement.name] = name
        elif isinstance(statement, ast.ClassDef):
            name = f"{module.name}.{statement.name}"
            module.names[statement.name] = name
            self.classes[name] = self._class(name, module, statement)

    def _class(self, name: str, module: Module, node: ast.ClassDef) -> Class:
        class_ = Class(name, module, node.bases)
        for part in node.body:
            if isinstance(part, FunctionNode):
                method = Function(f"{name}.{part.name}", part, module, name)
                class_.methods[part.name] = self.functions[method.name] = method
                for target, value in _assigned(part) if part.name == "__init__" else ():
                    if isinstance(target, ast.Attribute):
                        class_.attributes.setdefault(target.attr, (method, value))
            elif isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
                class_.attributes[part.target.id] = (None, part.annotation)
        return class_

    # Resolving ---------------------------------------------------------------------------------------------------

    def definition(self, name: str) -> str:
        """Return the name under which something is defined, behind all the modules that pass it on."""
        for _ in range(8):
            module, _, attribute = name.rpartition(".")
            onward = self.modules[module].names.get(attribute, name) if module in self.modules else name
            if onward == name or name in self.modules:
                return name
            name = onward
        return name

    def named(self, module: Module, node: ast.expr) -> str:
        """Return the full name that a dotted expression stands for in a module; empty where it is no such name."""
        if isinstance(node, ast.Name):
            return self.definition(module.names.get(node.id, ""))
        if isinstance(node, ast.Attribute) and (base := self.named(module, node.value)):
            return self.definition(f"{base}.{node.attr}")
        return ""

    def method(self, class_name: str, name: str) -> Function | None:
        """Return a class's method, its own or that of a base."""
        class_ = self.classes.get(class_name)
        if class_ is None:
            return None
        bases = (self.method(self.named(class_.module, base), name) for base in class_.bases)
        return class_.methods.get(name) or next(filter(None, bases), None)

    def class_in(self, module: Module, annotation: ast.expr | None) -> str:
        """Return the first class of the tree that an annotation names; of a list of them, that of its items."""
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            annotation = ast.parse(annotation.value, mode="eval").body
        if annotation is None:
            return ""
        if (name := self.named(module, annotation)) in self.classes:
            return name
        if not isinstance(annotation, ast.Attribute | ast.Name):
            inner = (
                self.class_in(module, n) for n in ast.iter_child_nodes(annotation) if isinstance(n, ast.expr)
            )
            return next(filter(None, inner), "")
        return ""

    def class_of(self, node: ast.expr | None, function: Function) -> str:
        """Return the class of an expression's value inside a function; empty where nothing tells it."""
        match node:
            case ast.Name():
                return self._scope(function).get(node.id, "")
            case ast.Await() | ast.NamedExpr() | ast.Starred() | ast.Subscript():
                return self.class_of(node.value, function)
            case ast.IfExp():
                return self.class_of(node.body, function) or self.class_of(node.orelse, function)
            case ast.BoolOp():
                return next(filter(None, (self.class_of(value, function) for value in node.values)), "")
            case ast.Call():
                called = self.target(node.func, function)
                if isinstance(called, Function):
                    return self.class_in(called.module, called.node.returns)
                return called
            case ast.Attribute():
                return self._class_of_attribute(self.class_of(node.value, function), node.attr)
        return ""

    def _class_of_attribute(self, owner: str, name: str) -> str:
        class_ = self.classes.get(owner)
        if class_ is None:
            return ""
        if name in class_.attributes:
            function, node = class_.attributes[name]
            return self.class_of(node, function) if function else self.class_in(class_.module, node)
        if found := self.method(owner, name):
            return self.class_in(found.module, found.node.returns)
        bases = (self._class_of_attribute(self.named(class_.module, base), name) for base in class_.bases)
        return next(filter(None, bases), "")

    def _scope(self, function: Function) -> dict[str, str]:
        if function.name in self._scopes:
            return self._scopes[function.name]
        scope = self._scopes[function.name] = {"self": function.owner, "cls": function.owner}
        arguments = function.node.args
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            if found := self.class_in(function.module, argument.annotation):
                scope[argument.arg] = found
        for target, value in _assigned(function.node):
            if isinstance(target, ast.Name) and (found := self.class_of(value, function)):
                scope.setdefault(target.id, found)
        return scope

    def target(self, node: ast.expr, function: Function) -> Function | str:
        """Return the function that an expression calls or names, or the class that it makes; else an empty name."""
        name = self.named(function.module, node)
        if name in self.functions:
            return self.functions[name]
        if name in self.classes:
            return name
        if not isinstance(node, ast.Attribute):
            return ""
        owner = self.class_of(node.value, function)
        if found := self.method(owner, node.attr):
            return found
        return ""

    def only_method(self, node: ast.expr, function: Function) -> Function | None:
        """Return the method that a call means by its name alone, if the package and those it imports have one."""
        if not isinstance(node, ast.Attribute) or node.attr in _COMMON:
            return None
        if self.class_of(node.value, function) or self.named(function.module, node):
            return None
        package = _package(function.module.name)
        known = self._imported_packages[package] | {package}
        alike = [method for method in self._by_method[node.attr] if _package(method.module.name) in known]
        return alike[0] if len(alike) == 1 else None


class _CallVisitor(ast.NodeVisitor):
    """Collect what one function calls; what a call is handed comes before the call itself."""

    def __init__(self, graph: CallGraph, function: Function, found: list[Function]) -> None:
        self._graph, self._function, self._found = graph, function, found

    def visit_body(self) -> None:
        for statement in self._function.node.body:
            self.visit(statement)

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        self._take(
            self._graph.target(node.func, self._function)
            or self._graph.only_method(node.func, self._function)
        )
        for handed in (*node.args, *(keyword.value for keyword in node.keywords)):
            if isinstance(handed, ast.Name | ast.Attribute):
                self._take(self._graph.target(handed, self._function))

    def _take(self, found: Function | str | None) -> None:
        if isinstance(found, Function) and not _is_property(found.node):
            self._found.append(found)


class _ValueVisitor(_CallVisitor):
    """Collect the calls to which a value is handed on, statement by statement."""

    def __init__(
        self, graph: CallGraph, function: Function, carried: Names, found: list[tuple[Function, Names]]
    ) -> None:
        super().__init__(graph, function, [])
        self._carried, self._handed = set(carried), found

    def visit(self, node: ast.AST) -> None:
        super().visit(node)
        if isinstance(
            node, ast.Assign | ast.AnnAssign | ast.NamedExpr | ast.withitem | ast.For | ast.comprehension
        ):
            for target, value in _bound(node):
                if self._holds(value):
                    self._carried |= {part.id for part in ast.walk(target) if isinstance(part, ast.Name)}

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        called = self._graph.target(node.func, self._function) or self._graph.only_method(
            node.func, self._function
        )
        if isinstance(called, Function) and (holding := self._parameters(called, node)):
            self._hand(called, holding)
        if any(map(self._holds, node.args)):
            for given in (self._graph.target(argument, self._function) for argument in node.args):
                if isinstance(given, Function):
                    self._hand(given, frozenset(_parameters(given.node)))

    def _hand(self, function: Function, holding: Names) -> None:
        if not _is_property(function.node):
            self._handed.append((function, holding))

    def _parameters(self, called: Function, node: ast.Call) -> Names:
        """Return the parameters of a called function that hold the value."""
        names = _parameters(called.node)
        receiver = node.func.value if isinstance(node.func, ast.Attribute) else None
        bound = bool(called.owner) and names[:1] in (["self"], ["cls"])
        given = zip(names[bound:], node.args, strict=False)
        holding = {name for name, value in given if self._holds(value)}
        holding |= {keyword.arg for keyword in node.keywords if keyword.arg and self._holds(keyword.value)}
        if bound and receiver is not None and self._holds(receiver):
            holding.add(names[0])
        return frozenset(holding)

    def _holds(self, node: ast.AST) -> bool:
        match node:
            case ast.Name():
                return node.id in self._carried
            case ast.Attribute():
                return node.attr not in TOOLS and self._holds(node.value)
            case ast.Lambda():
                return False
        return any(map(self._holds, ast.iter_child_nodes(node)))


def _parameters(node: FunctionNode) -> list[str]:
    arguments = node.args
    return [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]


def _package(name: str) -> str:
    return name.partition(".")[0]


def _is_property(node: FunctionNode) -> bool:
    return any(
        isinstance(d, ast.Name) and d.id in ("property", "cached_property") for d in node.decorator_list
    )


def _assigned(node: FunctionNode) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield the names and attributes that a function binds, each with the expression that it is bound to."""
    for part in ast.walk(node):
        yield from _bound(part)


def _bound(part: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield what a single statement or clause binds, each with the expression that it is bound to."""
    match part:
        case ast.Assign():
            for target in part.targets:
                yield from _pairs(target, part.value)
        case ast.AnnAssign(value=ast.expr() as value):
            yield part.target, value
        case ast.NamedExpr():
            yield part.target, part.value
        case ast.For() | ast.AsyncFor() | ast.comprehension():
            yield from _pairs(part.target, part.iter)
        case ast.withitem(optional_vars=ast.expr() as target):
            yield target, part.context_expr


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        yield from zip(target.elts, value.elts, strict=True)
    elif not isinstance(target, ast.Tuple):
        yield target, value
