"""What the two checkers must find, and what they must leave alone. Run: python3 -m unittest."""

import pathlib
import sys
import tempfile
import tomllib
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import check_rooms
import check_size
import check_snippets
from cpp_source import code_only

_TOOLS = pathlib.Path(__file__).resolve().parent


def rules() -> dict:
    with open(_TOOLS / 'rooms.toml', 'rb') as file:
        return tomllib.load(file)


class CodeOnlyTest(unittest.TestCase):
    def test_comments_and_literals_are_blanked_and_lines_kept(self):
        text = 'int a; // cout\n/* new\n x */ auto s = "getenv"; char c = \'"\'; int n = 1\'000;\n'
        code = code_only(text)
        self.assertEqual(len(code), len(text))
        self.assertEqual(code.count('\n'), text.count('\n'))
        for word in ('cout', 'new', 'getenv'):
            self.assertNotIn(word, code)
        self.assertIn("int n = 1'000;", code)

    def test_a_raw_string_hides_quotes_and_braces(self):
        self.assertNotIn('{', code_only('auto j = R"({"a":"b"})"; int x;'))
        self.assertIn('int x;', code_only('auto j = R"x({"a":")"})x"; int x;'))


class RoomsTest(unittest.TestCase):
    def breaches(self, path: str, text: str) -> list[str]:
        return [words for _, words in check_rooms.file_breaches(path, text, rules())]

    def test_an_arrow_that_is_listed_is_allowed(self):
        self.assertEqual(self.breaches('http/head.h', '#include <string>\n#include "base/result.h"\n'), [])

    def test_the_client_stands_on_the_ground_and_one_dialect(self):
        self.assertEqual(self.breaches('client/src/a.cc', '#include "http/client.h"\n'), [])
        self.assertEqual(self.breaches('client/src/a.cc', '#include "dialects/openai_chat/openai_chat.h"\n'), [])
        for header in ('gateway/serve.h', 'dialects/gemini/gemini.h', 'config/dotenv.h'):
            self.assertIn('client/ may not include', self.breaches('client/src/a.cc', f'#include "{header}"')[0])

    def test_a_public_header_of_the_client_leaks_nothing(self):
        path = 'client/include/gatehouse/a.h'
        self.assertEqual(self.breaches(path, '#include <string>\n#include "gatehouse/error.h"\n'), [])
        self.assertIn('public header', self.breaches(path, '#include "base/result.h"')[0])
        self.assertIn('may not stand here', self.breaches(path, '#include <boost/json.hpp>')[0])

    def test_a_feature_may_not_include_a_feature(self):
        self.assertIn('auth/ may not include logs/', self.breaches('auth/a.cc', '#include "logs/log_store.h"')[0])

    def test_an_include_must_be_rooted_at_src(self):
        self.assertIn('not rooted', self.breaches('auth/a.cc', '#include "a.h"')[0])

    def test_a_confined_header_stays_in_its_room(self):
        self.assertEqual(self.breaches('store/sqlite/db.cc', '#include <sqlite3.h>'), [])
        self.assertIn('may not stand here', self.breaches('store/memory/db.cc', '#include <sqlite3.h>')[0])

    def test_an_unknown_library_is_refused(self):
        self.assertIn('no [[outside]] row', self.breaches('base/a.h', '#include <folly/String.h>')[0])

    def test_each_ban_finds_its_word(self):
        for path, code in [
            ('http/a.cc', 'auto t = std::chrono::system_clock::now();'), ('http/a.cc', 'std::thread t;'),
            ('http/a.cc', 'auto v = getenv("X");'), ('http/a.cc', 'std::regex r;'),
            ('http/a.cc', 'std::cout << 1;'), ('http/a.cc', 'int i; auto* p = new Thing;'),
            ('http/a.cc', 'delete p;'), ('http/a.cc', 'delete[] p;'),
            ('attempt/a.cc', 'if (target.provider == "openai") {'), ('async/a.cc', 'std::this_thread::sleep_for(1s);'),
            ('http/a.cc', 'class SessionManager;'), ('http/a_test.cc', 'GTEST_SKIP();'),
        ]:
            self.assertEqual(len(self.breaches(path, code)), 1, code)

    def test_what_only_looks_like_a_ban_is_left_alone(self):
        for path, code in [
            ('base/clock.h', 'auto t = std::chrono::system_clock::now();'), ('async/a.cc', 'std::thread t;'),
            ('http/a.cc', 'A(const A&) = delete;'), ('http/a.cc', '// a new line, cout'),
            ('http/a.cc', 'new (slot) Thing(1);'),
            ('http/a.cc', 'int i; std::unique_ptr<Thing> thing(\n    new Thing(1));'), ('http/a.cc', 'std::this_thread::get_id();'),
            ('http/a.cc', 'void operator delete(void* p);'), ('providers/a.cc', 'if (provider == "x") {'),
        ]:
            self.assertEqual(self.breaches(path, code), [], code)

    def test_the_rooms_and_cmake_must_agree(self):
        with tempfile.TemporaryDirectory() as folder:
            src = pathlib.Path(folder)
            (src / 'CMakeLists.txt').write_text('gatehouse_room(base)\ngatehouse_room(http LIBS x)\n')
            (src / 'stray').mkdir()
            found = list(check_rooms.room_breaches(src, {'rooms': {'base': [], 'http': ['base', 'llm']}}))
        self.assertTrue(any('must stand above' in words for words in found))
        self.assertTrue(any('src/stray/ is no room' in words for words in found))
        self.assertTrue(any('http: [rooms] and the DEPS' in words for words in found))
        self.assertFalse(any(words.startswith('base:') for words in found))


class SizeTest(unittest.TestCase):
    def functions(self, code: str) -> dict:
        return {f.name: f for f in check_size.functions_in(code_only(code))}

    def test_functions_of_every_shape_are_found(self):
        found = self.functions('''
            #include <a.h>
            namespace x::y {
            constexpr int kRows[] = {1, 2};
            enum class E { a, b };
            struct alignas(64) Row { int a{0}; int get() const noexcept { return a; } };
            class C final : public Base<int> {
             public:
              explicit C(int a) : a_{a}, b_(std::move(f{1})) { go(); }
              ~C() override { }
              bool operator==(const C&) const { return true; }
              int operator()(int x, int y) const { return x; }
             private:
              int a_ = 0;
            };
            struct Task : std::function<void(int)> { int step() { return 1; } };
            template <class T, class U> requires std::integral<T>
            auto twice(T t, std::map<T, U> m = {}) -> T { if (t) { return t; } auto l = [&](int q) { }; return t; }
            [[nodiscard("see f()")]] Result<void> C::run(std::string_view a, const B& b) && { for (;;) { } }
            static struct tm now(int a) { return {}; }
            auto kLambda = [](int a) { return a; };
            TEST(Room, keeps) { int x; }
            extern "C" { void c_call(void) { } }
            }''')
        self.assertEqual(list(found), ['get', 'C', '~C', 'operator==', 'operator()', 'step', 'twice', 'C::run', 'now',
                                       'TEST(Room, keeps)', 'c_call'])
        self.assertEqual(len(found['twice'].parameters), 2)
        self.assertEqual(len(found['operator()'].parameters), 2)
        self.assertEqual(found['c_call'].parameters, [])

    def test_the_length_runs_from_the_name_to_the_closing_brace(self):
        self.assertEqual(self.functions('int\nf(int a,\n  int b) {\n\n}\n')['f'].lines, 4)

    def test_what_goes_beyond_a_limit_is_told(self):
        limits = {'file': 5, 'test_file': 50, 'function': 3, 'parameters': 2}
        text = 'void f(int a, int b, int c) {\n\n\n}\n\n\n'
        self.assertEqual([of for _, of, *_ in check_size.file_breaches('src/a.cc', text, limits)],
                         ['file', 'f', 'f'])
        self.assertEqual([of for _, of, *_ in check_size.file_breaches('src/a_test.cc', text, limits)],
                         ['f', 'f'])

    def test_an_exception_holds_up_to_its_limit_and_must_be_needed(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / 'src').mkdir()
            (root / 'tools').mkdir()
            (root / 'src/a.cc').write_text('void f() {\n\n}\nvoid g() {\n\n\n\n}\n')
            row = '[[exception]]\npath = "src/a.cc"\nof = "{}"\nlimit = {}\nreason = "r"\n'
            limits = '[limits]\nfile = 99\ntest_file = 99\nfunction = 2\nparameters = 5\n'
            (root / 'tools/size.toml').write_text(limits + row.format('f', 3) + row.format('g', 4) + row.format('h', 9))
            found = check_size.check(root)
        self.assertEqual(len(found), 2)
        self.assertIn('src/a.cc:4: g has 5 lines', found[0])
        self.assertIn('exception for h', found[1])


class SnippetsTest(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.root / 'a.cc').write_text('void f() {\n  // [one]\n  g();\n  // [two]\n  if (x) {\n    h();\n  }\n'
                                        '  // [/two]\n  // [/one]\n}\n')

    def breaches(self, text: str) -> list[str]:
        return [words for _, words in check_snippets.breaches_of(text, self.root)]

    def test_a_copy_of_the_region_passes_without_its_indent_and_inner_marks(self):
        text = '<!-- snippet a.cc one -->\n```cpp\ng();\nif (x) {\n  h();\n}\n```\n'
        self.assertEqual(self.breaches(text), [])

    def test_a_stale_copy_is_found_and_update_mends_it(self):
        text = 'Words.\n<!-- snippet a.cc two -->\n```cpp\nold();\n```\nMore.\n'
        self.assertIn('differs from [two]', self.breaches(text)[0])
        mended = check_snippets.updated(text, self.root)
        self.assertEqual(self.breaches(mended), [])
        self.assertTrue(mended.startswith('Words.') and mended.endswith('More.\n'))

    def test_a_region_that_is_not_there_and_a_block_without_a_marker_are_refused(self):
        self.assertIn('no region [three]', self.breaches('<!-- snippet a.cc three -->\n```cpp\n```\n')[0])
        self.assertIn('not compiled', self.breaches('```cpp\nint main();\n```\n')[0])


if __name__ == '__main__':
    unittest.main()
