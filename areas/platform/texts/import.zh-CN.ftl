# 导入与表格

nav-imports = 数据导入
job-import-check = 核对导入的表格
job-import-apply = 写入导入的表格
job-import-expire = 清理未办完的导入
event-import-uploaded = 上传导入表格
event-import-applied = 导入写入完成
event-import-cancelled = 导入已放弃
event-import-errors-exported = 下载导入问题表

import-stage-check = 正在逐行核对
import-stage-apply = 正在写入

import-list-title = 数据导入
import-list-empty = 还没有导入过表格。可以先下载模板，填好后上传。
import-new = 导入表格
import-new-title = 导入表格
import-no-kinds = 目前没有可以导入的表格种类。
import-kind = 表格种类
import-kind-choose = 请选择
import-file = 文件
import-file-hint = 可用 .xlsx、.xls、.csv。先下载模板，或用现有的表格，列名在下一步核对。
import-limits = 文件不超过 { $mb } MB，不超过 { $rows } 行。
import-boundary = 民族、宗教、政治面貌、违法犯罪、生物特征、健康等列不会保存；没有对应上的列（备注等）也不会保存。
import-upload = 上传并核对列名
import-back = 返回导入列表
import-templates = 模板
import-templates-hint = 每张模板带一行示例，以“示例：”开头的行不会导入。带 * 的列必须有。
import-count-new = 新增
import-count-known = 已有
import-count-same = 没有变化
import-made-at = 上传时间
import-rows = 行数
import-rows-n = 共 { $n } 行
import-state = 状态
import-title = { $kind }：{ $file }
import-mapping-title = 核对列名
import-preview-title = 导入预览
import-colon = ：

import-state-uploaded = 待核对列名
import-state-mapped = 等待核对
import-state-checking = 正在核对
import-state-checked = 待确认
import-state-applying = 正在写入
import-state-applied = 已写入
import-state-cancelled = 已放弃
import-state-failed = 未完成

import-mapping-intro = 文件共 { $n } 行。请核对每一列是什么，程序的判断可以改。
import-mapping-note = 选“不导入”的列不会保存。确认后逐行核对，此时还不会写入。
import-heading = 文件中的列名
import-becomes = 作为
import-not-imported = 不导入
import-map = 确认列名，开始核对
import-dropped = 没有导入的列（{ $n }）
import-dropped-forbidden = 按规定不采集这类信息，该列已丢弃。
import-dropped-unmapped = 没有对应的列，未保存。
import-cancel = 放弃导入
import-cancelled-flash = 导入已放弃，暂存的内容已删除。

import-stopped-mapped = 核对中断，停在这里
import-stopped-checking = 核对中断，停在这里
import-stopped-applying = 写入中断，什么也没有写入
import-stopped-hint = 已上传的行仍然保存。可以接着做，也可以重新核对，或者放弃这次导入。
import-resume = 接着做
import-progress-hint = 页面每两秒自动刷新，可以离开，稍后在导入列表里查看。
import-refresh = 刷新

import-preview-intro = 核对完成，还没有写入。请看结果，确认后一次写入全部。
import-stat-rows = 核对的行
import-stat-good = 可以写入
import-stat-bad = 有错误的行
import-would = 写入后的变化
import-leave-out = 不写入有错误的 { $bad } 行，只写入其余 { $good } 行
import-confirm = 确认写入 { $n } 行
import-check-again = 重新核对
import-problems = 发现的问题（{ $n } 处）
import-problems-kept = 只列出前 { $n } 处。改好后重新上传即可看到其余的。
import-errors-download = 下载问题表
import-errors-hint = 问题表列出有问题的行和原因。个人信息已隐去，请按行号在原表中修改后重新上传。
import-errors-row = 行号
import-errors-messages = 问题
import-errors-sheet = 问题
import-errors-watermark = { $who } 于 { $when } 下载。内部资料，注意保密。
import-column = 列
import-value = 内容
import-message = 问题
import-weight = 影响
import-weight-fatal = 不能写入
import-weight-hint = 提醒
import-times = 次数
import-whole-row = 整行

import-applied = 已写入 { $rows } 行，新增或变更 { $records } 条记录。
import-left-out = 按确认时的选择，{ $n } 行没有写入。
import-staging-gone = 暂存的内容已删除。
import-was-cancelled = 这次导入已放弃，没有写入，暂存的内容已删除。
import-failed = 这次导入没有完成，没有写入任何内容。
import-another = 再导入一张

cell-damaged-number = 号码已被表格软件改成科学计数，后几位丢失。请把该列设为文本后重新填写。
cell-formula-error = 公式出错，没有内容。请改成文字。

error-sheet-not-a-workbook = 文件不是 .xlsx、.xls 或 .csv 表格，或者已经损坏。请在表格软件中另存为 .xlsx 后再上传。
error-sheet-too-large = 文件超过 { $limit } MB（.xls 超过 20 MB）。请分成几个文件。
error-sheet-too-expanded = 文件解压后超过 { $limit } MB 或压缩比异常，没有读取。请新建工作簿，只粘贴需要的内容。
error-sheet-too-many-rows = 表格超过 { $limit } 行。请分成几个文件。
error-sheet-too-many-columns = 表格超过 { $limit } 列。请删去不需要的列。
error-sheet-no-heading = 没有找到列名所在的行。请参照模板，在数据上方写上列名。
error-sheet-no-rows = 列名下面没有数据。
error-sheet-encrypted = 文件有密码。请去掉密码后再上传。
error-sheet-broken-quotes = 第 { $line } 行第 { $column } 列的引号没有成对，无法读取。请在表格软件中另存为 .xlsx 后再上传。
error-sheet-encoding = 第 { $line } 行第 { $column } 列的文字编码无法识别，或与其他行不同。请把整个文件存为 UTF-8 或 GB 18030。

error-import-kind-unknown = 请选择表格种类。
error-import-no-file = 请选择文件。
error-import-upload-broken = 上传中断或文件过大。请检查文件大小后再试。
error-import-column-unknown = 没有“{ $column }”这一列。
error-import-column-twice = “{ $column }”选了两次，一列只能对应一次。
error-import-column-missing = 缺少必需的列“{ $column }”。
error-import-columns-changed = 列与文件不符，请重新打开本页。
error-import-bad-rows = 有 { $n } 行不能写入。请改好后重新上传，或选择不写入这些行。
error-import-blocked = 问题涉及整个文件，不能只去掉几行。请改好后重新上传。
error-import-nothing-left = 没有可以写入的行。
