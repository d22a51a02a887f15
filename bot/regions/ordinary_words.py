"""Words of chat and of government language that are never mistyped names of regions.

Three lists, all compiled by hand: the words that officials use most; everyday words that stand one or two slips from
the name of a region ("barang" and Batang, "lembaga" and Lembata), found by comparing the names with the words of
Indonesian that people use most; and such words of regional languages. A word that is missing here can be added
without any other change.
"""

from __future__ import annotations

_FREQUENT = """
about absen acara ada adalah adanya admin after again agenda ahli aing aja akan akhir akhirnya aktif aku alamat alasan
alat all already also aman an and anda ane anggota answer antara any apa apakah apalagi apbd apbn aplikasi application
apply apps aptika arah are area arti artinya as asal asesmen asesor asisten asn assalamualaikum assessment at atas
atau ato atuh aturan awal award badan bagaimana bagian bagus bahan bahkan bahwa bahwasanya baik bang bangun bantuan
banyak bapak bappeda bappenas bapperida barat batch bawah bayar bbrp be beberapa beda been before begitu being bekerja
belajar benar bendungan bener bentuk berada berapa berarti berasal berbeda berdasarkan bergabung berganti berhasil
berikan berikut berikutnya berita berjalan berkas bersama berubah berusaha besar besok best besuk betul bgmn biar
biasa biasanya biaya bidang bimbingan bimtek bintek biro bisnis bkn blm bln blum bnyk boleh book bos bpk branding
brapa bro brp bs btw bu buat budget buka bukan bukti bulan bupati butuh bwt by camat can capaian cara carikan cctv cek
center central cepat cerdas cities city cloud cocok command complete contact contoh cost costs could criteria csr
cukup daerah daftar daftarnya dah dak dalam dan dana dapat dapatkan daring daripada dasar dashboard data datanya dau
deadline definisi deh delapan demi dengan depan desa dewan dgn di dia diberikan dibiayai dibuat dicek did didampingi
digital digunakan dikenal dikirim dilantik dimana dimensi dimulai dinas dinilai dinkominfo dipilih direktorat direktur
dirinya disana disebut disini diskominfo district ditemukan ditjen diumumkan diundang dkk dl dll dlm dn do document
documents does dokumen dong download dprd dpt dr drh dsb dst dua duit dulu duluan dulunya each east economy eh ekonomi
ekppd elo email empat enam environment evaluasi evaluation ever every explain fase fiber first fiskal for format
formulir forum foto free from full fund funding fyi ga gabung gagal gak gan ganti gave gelombang get gimana give gmana
gmn good got governance government governor gratis gubernur gue guidance gw had hai hak hal hallo halo hampir hanya
harga hari harus has hasil have head hello her hibah hijau his hmm hny honor hormat hotel how hp hrs hubungi hukum ibu
ibukota if ijin iki iktu ikut ikutan in indeks indikator indonesia induk info informasi information infrastruktur
ingin ini inilah inovasi inpres internet into is islam island islands it its itu iya izin jabatan jadi jadwal jalan
jangan jasa jauh jawab jawaban jd jelas jelaskan jenis jg jgn jika jk jml jmlh join joined juara juga juklak juknis
jumlah just juta kab kabid kabupaten kades kadis kah kak kakak kalau kalian kami kampus kamu kan kantor kapan
kapasitas karena karna kasi kasih kasus kata kategori kawasan kayak kayu ke keadaan keamanan kebetulan kebun kecamatan
kecil kedua keempat kegiatan kelompok keluar kelurahan kemampuan kemarin kembali kemendagri kemenkeu kemenkominfo
kemenpan kementerian kemkomdigi kemkominfo kemudian kenapa kepada kepala kepilih keppres keras kerja kesehatan
kesempatan kesepahaman kesepakatan kesiapan ketentuan ketiga ketika ketua keuangan keuntungan khusus khususnya kini
kirim kirimkan kita kl klo kmdn kmrn know knp kok komdigi kominfo komitmen kondisi konsultan konsultasi kontak kontrak
koordinasi kota kpbu kpd kpn krg kriteria krn kt kuesioner kumaha kuota lagi lah lain lainnya lakukan lama langsung
lapor laporan last latest lbh lebih lelang lengkap lewat lg lgsg lho like link lintas list living lkpj loh lokasi
lolos lppd lu luar luas lulus lurah luring lusa maaf macam macet made mahal maka makasih make maksud malam mampu
manfaat mantan manusia many mas masa masalah masih masing master masterplan masuk masyarakat materi mau maupun mayor
mbak me media melakukan melalui melaporkan melihat memang membantu memberi memberikan membuat membutuhkan memilih
memiliki memorandum mempunyai menarik mencapai mencari mendapat mendapatkan menemukan menerima mengalami mengapa
mengatakan mengenai menggunakan menghubungi mengikuti mengundang meninggal meningkatkan menit menjabat menjadi menjaga
mentoring menuju menulis menunggu menunjukkan menurut merasa mereka merupakan meskipun mhn milik mimin min minggu
ministry minta misi mitra mks mksh mll model modul mohon monev monggo more most mou msh msk much mudah mulai muncul
mundur murah musim my nah naik nama namun nanti narasumber nasional ndak need needs negara negeri nelayan never new
next ngecek ngga nggak nih nilai nmr no nomor north not nota number nusantara nuwun nya of off office official
officials offline oh ok okay oke old oleh on online only opd operasi opo or ora orang org our out outcome output over
pada pajak pak pakde paling pameran panduan para pariwisata participant participants participate participated pasien
pd pedoman peduli pejabat pekerjaan pelaksana pelantikan pelaporan pembangunan pembiayaan pemda pemerintah
pemerintahan pemkab pemkot pemprov penandatanganan pendamping pendampingan pendidikan pengadaan pengarah pengen
pengertian pengganti penghargaan pengumuman penilaian penting penuh per peraturan perbup perda pergi pergub perjalanan
perlu permen permendagri permenkominfo permisi pernah perpres persyaratan pertama pertandingan pertanyaan perubahan
perusahaan perwal pesan pesawat peserta pesertanya petani pihak pilar pilihan pilkada pinjam pintar piye pjs plan
planning please plt pns pny pokja portal posisi prgram pribadi prioritas prnh produk prog program programme propinsi
proses prov province provinces provinsi publik pula pulang pun punten punya pusat puskesmas question quick rakor
rakyat rapat rasa rata regencies regency regent region regional regions register registration regulasi rekanan rencana
renduk renja renstra requirement requirements resmi result results retribusi rinci ringkas rkpd rpjmd rpjmn ruang
rumah saat saja sakip sakit salah salam saling sama sampah sampai sampe sang sapa saya sbg sblm schedule sdh
seangkatan sebab sebagai sebagian sebanyak sebelah sebelum sebelumnya sebenarnya sebuah sebutkan secara second sedikit
segala segera sehat sehingga sejak sekali sekda sekitar sekolah selain selalu selamat selanjutnya selatan select
selected selection seleksi selesai seluruh semakin sembilan sementara seminar semoga sempurna semua semuanya sendiri
sensor sepanjang seperti sepuluh serius serta server sesuai sesuatu setelah setiap sewa sgt should show siang siapa
signed signing sih silahkan silakan singkat sip sis sistem siswa skpd skrg skrng slmt smart smartcity smg smp so soal
soale soalnya society some sore sosial sosialisasi south southeast southwest spbe special sprti spt staf staff status
still stlh studi suara suatu sudah sukses sulit sungai superprioritas surat swasta sy syarat syaratnya tadi tahap
tahapan tahu tak take tampilkan tanda tandatangan tangan tanggal tanpa tapd target tau taun tautan tdk teh teken
teknis teknologi telepon tell telp teman tempat template tenaga tender tengah tenggara tentang tentu tepat terakhir
terbaru tercantum tercatat terdaftar terdapat terhadap terima terimakasih terjadi terkait terkini terlalu terlihat
termasuk ternyata terpilih tersebut terus terutama tetangga tetap tetapi tgh tgl than thank thanks that the their them
then there they think third this thn thp thx tiap tidak tiga tiket tim timur tinggal tinggi tingkat tks tlg tmpt to
toh tolong took total town tp transformasi trims trs tsb ttg tugas tujuan tujuh tunjukkan turun uang udah udara udh
ulang umkm umum umumnya undang undangan under understanding unduh undur universitas untuk up update upload us usaha
use used utama utara utk vendor via village visi wa wah waktu walikota want warga warna was wb we were west what when
where which who whom why wil wilayah will win wins wisata with wktu workshop would wr ya yaa yah yaitu yakin yang year
years yes yg you your yth yuk zoom
"""

_NEAR_A_NAME = """
abang agar alam alang alur amat anggaran angka angkat angkatan angsa arahan asalan asma asuhan bagi bahawa bajingan
bakalan baku balai balapan balasan bandang bandar bandeng banding bangga bangkai bangku bangsa bangsawan banjir bantal
bantalan banteng banting bantu barang bareng barry baru bata batak batal batangan batas bawang bayam bayang bayangan
bayangkan begal bekas belalang beli beluk belum bendung bengkel bentang benteng beradu berak berang beras berat berbau
berbintang berhitung beringin beton bila bilangan binaan bingo bintang bisa bocor bolong buangan bujangan buku bulanan
bumerang bung bunga buron buruh buruk button cabang cadang cadangan coba colok corong dadang dagangan dahulu dalang
damai damri dari datang demam depo depot desak detak diantar dijunjung diri done dorong dubai duga dukungan edan emak
ember ente erangan flora gada gadang galang galangan gambar gampang ganjar ganteng garuk gedung gelang gemilang
gerangan golok gulungan guru hadang halang halangan hengkang hingga hitung hubungan intan jahat jalanan jalankan jambu
jangka jangkauan jaringan jawatan jemuran jual junjung kabar kadang kalangan kaleng kali kalo kamar kampung kandung
kandungan kangkung kapas kapus karang karangan karyawan kaum kaus kelalaian kelayang kelinci kembang kemiri kenal
kenangan kenari kendala kendali kendati kental kenyal kepingan kerang kesabaran kesadaran kondangan konsep kuburan
kubus kudu kukus kumbang kuning kunjungan kuping kurang kurungan kurus ladang lahan lahap lahar lajang lalat lalu
lamanya lambat lambung landai landas langgar langka langkah lantang lapangan larangan larut laser layanan layangan
lebah lebar lebat lebay ledak legal lemak lembaga lembang lembar lengkung letak lihat lima lintang lobak lorong
lowongan lubang lumayan magang makanan maling mana manggung mangkat mangsa marks mars matang mati mean medal median
melaka melarang melati memanah memasang membawa membawahi member memuji menanggung menangis menanti mendasar menggali
menggapai menggarap menyasar merinci meringis muda mula mungkin nada nangka natura ngadu ngaji ngantuk niat omongan
pacu padan padu pagi pagu pahaman pahat pajang palang palsu pamer pamitan pamulang pandai pandang pandangan pangeran
pangkalan pangkat pangsa pantai pantang papa paper parang parut pasang pasangan pasar pasaran pasarkan pasir pasti
pasukan pasundan patungan pawang pedagang pedalaman pedang pejalan pekarangan pelacakan pelajaran pelataran pelayanan
pelayaran pemakan pemalas pemaparan pemasaran pemegang pemekaran pemenang pemulung penalaran penanggung penasaran
penataran penawaran pencak pengantaran penghulu pengukuran pengurusan peralatan perang peranti perawatan persawahan
pesiar petualang pialang pinang pincang pindang pirang posko prepare prepared puncaknya pundak radang rampung rangka
rangkaian remang retro saban saingan samaran sambal sami sampan samping sangat sanggah sanggar sangka sarana sarang
sari saringan satu sawangan sayang sebaran sebatang seberang sedan sedang segi sekadar sekarang sekrang sekurang
selama selang selasar semak semarak sembarang senang sendal seorang sepasang serangan serbang sering seruan siap sick
sidak simpang singapura singkatan sini sinting sisi siska skrang sosok strong sumbang sumbat sumbatan sumber tabrakan
tahanan tahun tahunan tambang tampang tampar tampung tanggung tangkapan tantang tapi tarikan tatanan tatang tawanan
tayangan tebak tebal tega tegak tegap tegar tegas tembang tenggang terang terangan tiba tolok tuan tudingan tuhan
tumbang tunangan uban ulangan utarakan wali
"""

_REGIONAL = """
ambo ampon ampura bunten delok hampura handak kamana kapatang karmana makejang menawi naros
"""

ORDINARY_WORDS = frozenset((_FREQUENT + _NEAR_A_NAME + _REGIONAL).split())
"""All of them, lower case, without accents."""
